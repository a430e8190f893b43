package dev.weir.policy;

import dev.weir.config.Location;
import java.util.Map;

/**
 * Where something of a policy was written.
 *
 * @param ignored rules that lint is not to apply to it, with the writer's reasons
 */
public record Source(Location place, Map<String, String> ignored) {
    /** Of what nobody wrote. */
    public static final Source NONE = new Source(Location.of("none"), Map.of());

    public Source {
        ignored = Map.copyOf(ignored);
    }
}
