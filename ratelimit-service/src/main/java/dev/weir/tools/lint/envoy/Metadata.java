package dev.weir.tools.lint.envoy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The values that the filters of a chain write into the metadata of a request.
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

    /** Returns whether nothing can have written a key. Envoy's own filters may always write to their namespaces. */
    boolean neverHas(MetadataKey key) {
        return !opaque && !key.namespace().startsWith("envoy.") && of(key).isEmpty();
    }
}
