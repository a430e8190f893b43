package dev.weir.tools.lint.envoy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the filters of a chain write into the metadata of a request.
 *
 * @param opaque whether a filter runs code that may write anything
 */
record Metadata(Map<MetadataKey, List<Write>> writes, boolean opaque) {
    static Metadata of(List<Write> writes, boolean opaque) {
        return new Metadata(writes.stream().collect(Collectors.groupingBy(Write::key)), opaque);
    }

    List<Write> of(MetadataKey key) {
        return writes.getOrDefault(key, List.of());
    }

    /** Whether nothing can have written it. Namespaces of Envoy's own filters are theirs. */
    boolean neverHas(MetadataKey key) {
        return !opaque && !key.namespace().startsWith("envoy.") && of(key).isEmpty();
    }
}
