package dev.weir.tools.lint.envoy;

import dev.weir.policy.Condition;
import dev.weir.policy.Limit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A demand that a limit makes on one attribute before it applies.
 *
 * @param condition what the value must be; null where any will do
 */
record Need(String attribute, @Nullable Condition condition) {
    static List<Need> of(Limit limit) {
        List<Need> needs = new ArrayList<>();
        limit.per().forEach(attribute -> needs.add(new Need(attribute, null)));
        limit.when().forEach(condition -> needs.add(new Need(condition.attribute(), condition)));
        return needs;
    }

    /** @param value null where the descriptor has no such entry */
    private boolean accepts(@Nullable String value) {
        return condition == null ? value != null : condition.holds(value);
    }

    /** Returns whether a descriptor of this kind may meet it. */
    boolean canBeMetBy(Entry entry) {
        Attribute found = entry.attribute(attribute);
        if (found == null) {
            return entry.open() || accepts(null);
        }
        return found.fixed() == null || accepts(found.fixed()) || (found.optional() && accepts(null));
    }
}
