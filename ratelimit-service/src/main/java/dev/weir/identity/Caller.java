package dev.weir.identity;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who a request comes from, as far as it has been verified.
 *
 * @param attributes by name, those that are known, in the order of {@link #ATTRIBUTES}; the key always is
 */
public record Caller(Map<String, String> attributes) {
    private static final String KEY = "key";

    /** The names under which a caller's attributes reach Envoy's metadata, the upstream's headers and the policy. */
    public static final List<String> ATTRIBUTES =
            List.of(KEY, "user", "team", "consumer_group", "service", "environment", "key_type");

    public Caller {
        if (!attributes.containsKey(KEY) || !ATTRIBUTES.containsAll(attributes.keySet())) {
            throw new IllegalArgumentException("a caller has a key, and nothing but " + ATTRIBUTES + ": " + attributes);
        }
        Map<String, String> inOrder = new LinkedHashMap<>();
        for (String name : ATTRIBUTES) {
            String value = attributes.get(name);
            if (value != null) {
                inOrder.put(name, value);
            }
        }
        attributes = Collections.unmodifiableMap(inOrder);
    }
}
