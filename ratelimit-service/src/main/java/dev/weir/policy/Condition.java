package dev.weir.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A condition for a limit to apply: an attribute has one of some values.
 *
 * @param negated whether it must have none of them; then a request without the attribute meets the condition
 */
public record Condition(String attribute, Set<String> values, List<Glob> globs, boolean negated) {
    public Condition {
        values = Set.copyOf(values);
        globs = List.copyOf(globs);
    }

    /** Makes the condition that the attribute has this very value. */
    public static Condition is(String attribute, String value) {
        return new Condition(attribute, Set.of(value), List.of(), false);
    }

    /** @param value null where the request has no such attribute */
    public boolean holds(@Nullable String value) {
        return value == null ? negated : isAmong(value) != negated;
    }

    /** Returns whether a request must have the attribute. */
    public boolean needsAttribute() {
        return !negated;
    }

    /** Returns whether it holds only for values that are written out in the policy. */
    boolean isExact() {
        return !negated && globs.isEmpty();
    }

    private boolean isAmong(String value) {
        if (values.contains(value)) {
            return true;
        }
        for (Glob glob : globs) {
            if (glob.matches(value)) {
                return true;
            }
        }
        return false;
    }

    /** Returns {@code environment: prod}, {@code model: not [a, b*]}. */
    @Override
    public String toString() {
        List<String> all = new ArrayList<>(values.stream().sorted().toList());
        globs.forEach(glob -> all.add(glob.toString()));
        String what = all.size() == 1 ? all.get(0) : all.toString();
        return attribute + ": " + (negated ? "not " : "") + what;
    }
}
