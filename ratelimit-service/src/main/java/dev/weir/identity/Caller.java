package dev.weir.identity;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The caller of a request, as far as it has been verified.
 *
 * @param attributes by name, those that are known: first {@link #ATTRIBUTES} in their order, then others by name; the key always is known
 */
public record Caller(Map<String, String> attributes) {
    private static final String KEY = "key";

    /** The names under which a caller's attributes reach Envoy's metadata, the upstream's headers and the policy, whatever the kind of identity. */
    public static final List<String> ATTRIBUTES =
            List.of(KEY, "user", "team", "consumer_group", "service", "environment", "key_type");

    /** Fits a header, a descriptor and a label alike. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    /** Keeps the attributes; names that are not words in lower case, or no key, are an {@link IllegalArgumentException}. */
    public Caller {
        if (!attributes.containsKey(KEY)) {
            throw new IllegalArgumentException("a caller has a key: " + attributes.keySet());
        }
        Map<String, String> others = new TreeMap<>(attributes);
        Map<String, String> inOrder = new LinkedHashMap<>();
        for (String name : ATTRIBUTES) {
            String value = others.remove(name);
            if (value != null) {
                inOrder.put(name, value);
            }
        }
        others.forEach((name, value) -> {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("an attribute is named like `cost_center`, not `" + name + "`");
            }
            inOrder.put(name, value);
        });
        attributes = Collections.unmodifiableMap(inOrder);
    }
}
