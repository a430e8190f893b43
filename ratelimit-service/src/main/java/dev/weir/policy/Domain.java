package dev.weir.policy;

import dev.weir.config.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limits that Envoy asks for under one name.
 *
 * @param limits in tier order, and within a tier as written
 * @param version that of its policy
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

    /** Makes a native domain without notes. */
    public Domain(String name, String version, List<Limit> limits, Settings settings, Source source) {
        this(name, version, limits, settings, source, List.of());
    }

    /** Makes a native domain that stands in no file, with the default settings. */
    public Domain(String name, List<Limit> limits) {
        this(name, Policy.UNWRITTEN, limits, Settings.DEFAULT, Source.NONE);
    }

    /** Makes a domain in the descriptors dialect. */
    public static Domain of(String name, String version, List<Limit> limits, Descriptors descriptors, Source source) {
        LimitIndex none = new LimitIndex(List.of());
        List<Limit> inOrder = List.copyOf(limits);
        return new Domain(name, version, inOrder, false, none, Settings.DEFAULT, descriptors, source, List.of());
    }

    /** Returns whether the limit is one of the domain's; one that a descriptor brought along has an order as well, but is not. */
    @SuppressWarnings("ReferenceEquality") // The limit of this policy, not an equal one of another.
    public boolean isOwn(Limit limit) {
        return limit.order() < limits.size() && limits.get(limit.order()) == limit;
    }

    /** Returns the same domain with other notes. */
    public Domain withNotes(List<Problem> found) {
        return new Domain(name, version, limits, hasDefaults, index, settings, descriptors, source, List.copyOf(found));
    }
}
