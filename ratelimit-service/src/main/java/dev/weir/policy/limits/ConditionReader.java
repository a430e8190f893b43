package dev.weir.policy.limits;

import dev.weir.config.Spelling;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.policy.Condition;
import dev.weir.policy.Glob;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code when}: for each attribute a value, a list of values, or {@code {not: ...}} of these. A star in a value stands for any
 * characters.
 */
final class ConditionReader {
    private static final String NOT = "not";

    private ConditionReader() {}

    /** Reads the conditions, without those that have a problem; null where the value is no mapping, which is a problem, too. */
    static @Nullable List<Condition> read(@Nullable YamlValue value) {
        if (value == null) {
            return List.of();
        }
        YamlMap pairs = value.asMap();
        if (pairs == null) {
            return null;
        }
        List<Condition> conditions = new ArrayList<>();
        for (Map.Entry<String, YamlValue> pair : pairs.values().entrySet()) {
            AttributeNames.check(pair.getKey(), value);
            Condition condition = condition(pair.getKey(), pair.getValue());
            if (condition != null) {
                conditions.add(condition);
            }
        }
        return conditions;
    }

    private static @Nullable Condition condition(String attribute, YamlValue value) {
        if (!value.isMap()) {
            return oneOf(attribute, value, false);
        }
        YamlMap negation = value.asMap();
        YamlValue values = negation == null ? null : negation.get(NOT);
        if (negation == null || values == null || negation.values().size() > 1) {
            String key = negation == null
                    ? NOT
                    : negation.values().keySet().stream()
                            .filter(word -> !word.equals(NOT))
                            .findFirst()
                            .orElse(NOT);
            value.problem(
                    PolicyRules.CONDITION,
                    key.equals(NOT)
                            ? "a condition is a value, a list of values, or {not: ...}"
                            : Spelling.unknown("condition", key, List.of(NOT)));
            return null;
        }
        return oneOf(attribute, values, true);
    }

    private static @Nullable Condition oneOf(String attribute, YamlValue value, boolean negated) {
        List<YamlValue> items = value.isList() ? value.asList() : List.of(value);
        if (items == null || items.isEmpty()) {
            value.problem(
                    PolicyRules.CONDITION,
                    "a list without values is met by nothing; add a value or remove `" + attribute + "`");
            return null;
        }
        Set<String> values = new LinkedHashSet<>();
        List<Glob> globs = new ArrayList<>();
        for (YamlValue item : items) {
            String text = item.asText();
            if (text == null) {
                return null;
            }
            if (Glob.isOne(text)) {
                Glob glob = Glob.of(text);
                if (negated && glob.matchesAll()) {
                    item.problem(
                            PolicyRules.CONDITION,
                            "no value is none of all; write what must not be there, or remove `" + attribute + "`");
                    return null;
                }
                globs.add(glob);
            } else if (!values.add(Glob.unescaped(text))) {
                item.problem(PolicyRules.CONDITION, "`" + text + "` stands in this list already; remove one");
            }
        }
        return new Condition(attribute, values, globs, negated);
    }
}
