package dev.weir.policy;

import dev.weir.config.Location;
import java.util.Map;

/**
 * The place where something of a policy was written.
 *
 * @param ignored the rules that lint does not apply to it, with the writer's reasons
 */
public record Source(Location place, Map<String, String> ignored) {
    /** The source of what nobody wrote. */
    public static final Source NONE = new Source(Location.of("none"), Map.of());

    public Source {
        ignored = Map.copyOf(ignored);
    }
}
