package dev.weir.policy.descriptors;

import dev.weir.config.Location;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor as it was written, in a file or in a message.
 *
 * @param value empty where any will do
 * @param limit null where it only leads to others
 * @param metadata of texts, numbers (Double), Booleans, nulls, lists and maps of these
 * @param places the place of one of its keys, or of the descriptor where that key is not written
 */
public record DescriptorConfig(
        String key,
        String value,
        @Nullable Limit limit,
        List<DescriptorConfig> descriptors,
        Flags flags,
        Map<String, Object> metadata,
        Function<String, Location> places) {
    /**
     * A {@code rate_limit}.
     *
     * @param requests from 0 to 2^32 - 1
     * @param unit empty where none is written
     * @param replaces names of limits
     * @param places the place of one of its keys, as above
     */
    public record Limit(
            long requests,
            String unit,
            boolean unlimited,
            String name,
            List<String> replaces,
            Function<String, Location> places) {}

    /** The flags that are off where they are not written. */
    public record Flags(
            boolean shadowMode,
            boolean quotaMode,
            boolean detailedMetric,
            boolean valueToMetric,
            boolean shareThreshold) {
        public static final Flags NONE = new Flags(false, false, false, false, false);
    }

    /** Returns the text that it is found by among its siblings: the key, or key and value. */
    String finalKey() {
        return value.isEmpty() ? key : key + "_" + value;
    }
}
