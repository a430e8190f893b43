package dev.weir.identity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who a request comes from, as far as it has been verified. The key is known; the rest as far as the register tells. */
public record Caller(
        String key,
        @Nullable String user,
        @Nullable String team,
        @Nullable String service,
        @Nullable String environment) {
    /** The names under which a caller's attributes reach Envoy's metadata, the upstream's headers and the policy. */
    public static final List<String> ATTRIBUTES = List.of("key", "user", "team", "service", "environment");

    /** The attributes that are known, by name, in the order of {@link #ATTRIBUTES}. */
    public Map<String, String> attributes() {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("key", key);
        putIfKnown(attributes, "user", user);
        putIfKnown(attributes, "team", team);
        putIfKnown(attributes, "service", service);
        putIfKnown(attributes, "environment", environment);
        return attributes;
    }

    private static void putIfKnown(Map<String, String> attributes, String name, @Nullable String value) {
        if (value != null) {
            attributes.put(name, value);
        }
    }
}
