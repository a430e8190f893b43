package dev.weir.tools.lint;

import dev.weir.policy.Condition;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Mode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds requests that pass without a limit because their values rule out every one. A limit without such a condition covers everybody: a
 * request that lacks its attributes is refused.
 */
final class Uncovered {
    /** Values that hardly anybody lists, one of which no pattern takes. */
    private static final List<String> UNLISTED = List.of("something-else", "unlisted", "x", "0");

    private static final int MOST_TRIES = 4_096;

    private Uncovered() {}

    static void find(Domain domain, List<Finding> findings) {
        List<Limit> enforced = domain.limits().stream()
                .filter(limit -> !(limit.scope().mode() instanceof Mode.Shadow))
                .toList();
        Map<String, String> passing = enforced.isEmpty() ? null : passing(enforced);
        if (passing != null) {
            String pairs = passing.entrySet().stream()
                    .map(pair -> "`" + pair.getKey() + ": " + pair.getValue() + "`")
                    .collect(Collectors.joining(" and "));
            findings.add(
                    Finding.of(
                            domain,
                            LintRules.UNCOVERED,
                            "lets requests with " + pairs
                                    + " pass without any limit; add one without `when`, such as a `default: true`, or list what is meant"));
        }
    }

    /** Returns values that rule out every limit; null where none were found. */
    private static @Nullable Map<String, String> passing(List<Limit> limits) {
        List<Map<String, String>> tries = List.of(Map.of());
        for (Map.Entry<String, SortedSet<String>> candidates :
                candidates(limits).entrySet()) {
            tries = extended(tries, candidates.getKey(), candidates.getValue());
        }
        return tries.stream()
                .filter(values -> limits.stream().allMatch(limit -> rulesOut(values, limit)))
                .findFirst()
                .orElse(null);
    }

    private static List<Map<String, String>> extended(
            List<Map<String, String>> tries, String attribute, SortedSet<String> values) {
        List<Map<String, String>> extended = new ArrayList<>();
        for (String value : values) {
            for (Map<String, String> each : tries) {
                if (extended.size() < MOST_TRIES) {
                    Map<String, String> longer = new LinkedHashMap<>(each);
                    longer.put(attribute, value);
                    extended.add(longer);
                }
            }
        }
        return extended;
    }

    /** Returns by attribute a value that nobody listed, and those that a condition excludes. */
    private static SortedMap<String, SortedSet<String>> candidates(List<Limit> limits) {
        SortedMap<String, SortedSet<String>> candidates = new TreeMap<>();
        for (Limit limit : limits) {
            for (Condition condition : limit.when()) {
                SortedSet<String> values = candidates.computeIfAbsent(
                        condition.attribute(), attribute -> new TreeSet<>(List.of(unlisted(attribute, limits))));
                if (condition.negated()) {
                    values.addAll(condition.values());
                }
            }
        }
        return candidates;
    }

    private static String unlisted(String attribute, List<Limit> limits) {
        return UNLISTED.stream()
                .filter(value -> limits.stream()
                        .flatMap(limit -> limit.when().stream())
                        .filter(condition -> condition.attribute().equals(attribute) && !condition.negated())
                        .noneMatch(condition -> condition.holds(value)))
                .findFirst()
                .orElse(UNLISTED.get(0));
    }

    private static boolean rulesOut(Map<String, String> values, Limit limit) {
        return limit.when().stream().anyMatch(condition -> !condition.holds(values.get(condition.attribute())));
    }
}
