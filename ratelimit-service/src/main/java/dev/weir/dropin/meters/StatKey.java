package dev.weir.dropin.meters;

import dev.weir.policy.DescriptorLimit;
import dev.weir.policy.DescriptorNode;
import dev.weir.policy.DescriptorTree;
import dev.weir.request.Attributes;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names a limit as envoyproxy/ratelimit does in its metrics: the domain and a part for each entry, with dots between them. A value stands
 * there if the policy names it, or if {@code detailed_metric} or {@code value_to_metric} say so; a value that a wildcard matches stands
 * there only if they say so.
 */
public final class StatKey {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");

    private StatKey() {}

    /** @param entries a descriptor for which the tree has a limit, {@code leaf} */
    public static String of(String domain, DescriptorTree tree, DescriptorLimit leaf, Attributes entries) {
        boolean detailed = leaf.detailedMetric();
        StringBuilder name = new StringBuilder(domain);
        // The name of a detailed metric that shares no threshold: with every value, and an underscore where it is
        // empty.
        StringBuilder whole = new StringBuilder(detailed ? domain : "");
        boolean shares = false;
        DescriptorNode node = tree.root();
        for (int i = 0; i < entries.size(); i++) {
            String key = entries.name(i);
            String value = entries.value(i);
            String keyAndValue = key + '_' + value;
            DescriptorNode exact = node.children().get(keyAndValue);
            DescriptorNode wild = exact == null ? node.wildcard(keyAndValue) : null;
            DescriptorNode next = exact != null
                    ? exact
                    : wild != null ? wild : node.children().get(key);
            if (next == null) {
                throw new IllegalArgumentException("no limit of " + domain + " for " + entries);
            }
            String pattern = wild != null && wild.sharesThreshold() ? DescriptorTree.pattern(wild, key) : null;
            shares |= pattern != null;
            if (detailed) {
                whole.append('.').append(keyAndValue);
            }
            append(name, key, pattern != null ? pattern : detailed ? value : shown(next, exact, wild, key, value));
            node = next;
        }
        return sanitized((detailed && !shares ? whole : name).toString());
    }

    private static String shown(
            DescriptorNode next,
            @Nullable DescriptorNode exact,
            @Nullable DescriptorNode wild,
            String key,
            String value) {
        if (exact != null || next.valueToMetric()) {
            return value;
        }
        return wild == null ? "" : DescriptorTree.pattern(wild, key);
    }

    /** Returns the name of a limit that the descriptor brings along. */
    public static String ofOwn(String domain, Attributes entries) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < entries.size(); i++) {
            append(name, entries.name(i), entries.value(i));
        }
        return sanitized(domain + (name.isEmpty() ? "." : name.toString()));
    }

    private static void append(StringBuilder name, String key, String value) {
        name.append('.').append(key);
        if (!value.isEmpty()) {
            name.append('_').append(value);
        }
    }

    /** Replaces what a name of statsd's cannot have. */
    public static String sanitized(String name) {
        String safe = name.replace(':', '_').replace('|', '_');
        return IPV4.matcher(safe).replaceAll(address -> address.group().replace('.', '_'));
    }
}
