package dev.weir.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor and those below it.
 *
 * @param key empty in the root, which stands for no descriptor
 * @param value as written, stars and all; empty where any will do
 * @param finalKey the text that it is found by
 * @param leaf its limit; null where it only leads to others
 * @param children by the texts that they are found by, in the order of the file
 * @param wildcards those of its children that have a star, in the order of the file
 */
public record DescriptorNode(
        String key,
        String value,
        String finalKey,
        @Nullable DescriptorLimit leaf,
        boolean valueToMetric,
        boolean sharesThreshold,
        Map<String, DescriptorNode> children,
        List<Wildcard> wildcards) {
    /** A child that is found by a pattern. */
    public record Wildcard(Glob glob, DescriptorNode node) {}

    public DescriptorNode {
        children = Collections.unmodifiableMap(new LinkedHashMap<>(children));
        wildcards = List.copyOf(wildcards);
    }

    @Nullable
    public DescriptorNode wildcard(String keyAndValue) {
        for (int i = 0; i < wildcards.size(); i++) {
            if (wildcards.get(i).glob().matches(keyAndValue)) {
                return wildcards.get(i).node();
            }
        }
        return null;
    }
}
