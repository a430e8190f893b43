package dev.weir.policy;

import dev.weir.config.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limits that Envoy asks for under one name.
 *
 * @param limits in tier order, and within a tier as written
 * @param version of the policy that it is a part of
 * @param hasDefaults whether some of the limits give way to others
 * @param index finds them by their attributes; finds none of the descriptors dialect
 * @param descriptors finds and charges them where they stand in the descriptors dialect; null in a native domain
 * @param notes what its reader found worth knowing; none of it an error
 */
public record Domain(
        String name,
        String version,
        List<Limit> limits,
        boolean hasDefaults,
        LimitIndex index,
        Settings settings,
        @Nullable Descriptors descriptors,
        Source source,
        List<Problem> notes) {
    public Domain(
            String name, String version, List<Limit> limits, Settings settings, Source source, List<Problem> notes) {
        this(
                name,
                version,
                List.copyOf(limits),
                limits.stream().anyMatch(limit -> limit.scope().isDefault()),
                new LimitIndex(limits),
                settings,
                null,
                source,
                List.copyOf(notes));
    }

    /** Without notes. */
    public Domain(String name, String version, List<Limit> limits, Settings settings, Source source) {
        this(name, version, limits, settings, source, List.of());
    }

    /** With what holds where nothing is said. */
    public Domain(String name, List<Limit> limits) {
        this(name, Policy.UNWRITTEN, limits, Settings.DEFAULT, Source.NONE);
    }

    /** One in the descriptors dialect. */
    public static Domain of(String name, String version, List<Limit> limits, Descriptors descriptors, Source source) {
        LimitIndex none = new LimitIndex(List.of());
        List<Limit> inOrder = List.copyOf(limits);
        return new Domain(name, version, inOrder, false, none, Settings.DEFAULT, descriptors, source, List.of());
    }

    /** Whether it is one of its limits; one that a descriptor brought along has a place as well, but is none of them. */
    @SuppressWarnings("ReferenceEquality") // The limit of this policy, not an equal one of another.
    public boolean isOwn(Limit limit) {
        return limit.order() < limits.size() && limits.get(limit.order()) == limit;
    }

    /** The same with other notes. */
    public Domain withNotes(List<Problem> found) {
        return new Domain(name, version, limits, hasDefaults, index, settings, descriptors, source, List.copyOf(found));
    }
}
