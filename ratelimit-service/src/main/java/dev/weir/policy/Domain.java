package dev.weir.policy;

import java.util.List;

/**
 * The limits that Envoy asks for under one name.
 *
 * @param limits in tier order, and within a tier as written
 * @param version of the policy that it is a part of
 * @param hasDefaults whether some of the limits give way to others
 */
public record Domain(
        String name,
        String version,
        List<Limit> limits,
        boolean hasDefaults,
        LimitIndex index,
        Settings settings,
        Source source) {
    public Domain(String name, String version, List<Limit> limits, Settings settings, Source source) {
        this(
                name,
                version,
                List.copyOf(limits),
                limits.stream().anyMatch(limit -> limit.scope().isDefault()),
                new LimitIndex(limits),
                settings,
                source);
    }

    /** With what holds where nothing is said. */
    public Domain(String name, List<Limit> limits) {
        this(name, Policy.UNWRITTEN, limits, Settings.DEFAULT, Source.NONE);
    }
}
