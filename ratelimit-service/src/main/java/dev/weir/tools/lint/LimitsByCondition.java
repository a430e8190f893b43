package dev.weir.tools.lint;

import dev.weir.policy.Condition;
import dev.weir.policy.Limit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds the limits that have to do with another one, without looking at every pair. Each limit is filed under the condition that it
 * shares with the fewest limits, and is looked at only for those that have this condition or say nothing about its attribute. So ten
 * thousand limits for ten thousand keys are compared with hardly any other.
 */
final class LimitsByCondition {
    private final List<Limit> unconditional = new ArrayList<>();
    private final Map<String, Map<Condition, List<Limit>>> filed = new HashMap<>();

    /** @param limits in the order of the domain */
    LimitsByCondition(List<Limit> limits) {
        Map<Condition, Integer> shared = new HashMap<>();
        limits.forEach(limit -> limit.when().forEach(condition -> shared.merge(condition, 1, Integer::sum)));
        for (Limit limit : limits) {
            limit.when().stream()
                    .min(Comparator.comparing(condition -> shared.getOrDefault(condition, 0)))
                    .map(rarest -> filed.computeIfAbsent(rarest.attribute(), none -> new LinkedHashMap<>())
                            .computeIfAbsent(rarest, none -> new ArrayList<>()))
                    .orElse(unconditional)
                    .add(limit);
        }
    }

    /** Finds the first wanted limit among those whose conditions a limit has too, and some others, which {@code wanted} must reject. */
    Optional<Limit> firstWithin(Limit limit, Predicate<Limit> wanted) {
        return within(limit)
                .flatMap(limits -> limits.stream().filter(wanted).findFirst().stream())
                .min(Comparator.comparingInt(Limit::order));
    }

    /** Tells whether one is wanted of those whose conditions a limit has too or is silent on; {@code wanted} must reject some others. */
    boolean anyBeside(Limit limit, Predicate<Limit> wanted) {
        if (within(limit).anyMatch(limits -> any(limits, wanted))) {
            return true;
        }
        for (Map.Entry<String, Map<Condition, List<Limit>>> elsewhere : filed.entrySet()) {
            boolean unsaid =
                    limit.when().stream().noneMatch(own -> own.attribute().equals(elsewhere.getKey()));
            if (unsaid && elsewhere.getValue().values().stream().anyMatch(limits -> any(limits, wanted))) {
                return true;
            }
        }
        return false;
    }

    /** Loops instead of streaming, because it is called millions of times. */
    private static boolean any(List<Limit> limits, Predicate<Limit> wanted) {
        for (Limit limit : limits) {
            if (wanted.test(limit)) {
                return true;
            }
        }
        return false;
    }

    /** Returns all that may be within, and some others. */
    private Stream<List<Limit>> within(Limit limit) {
        Stream<List<Limit>> conditional = limit.when().stream()
                .map(condition ->
                        filed.getOrDefault(condition.attribute(), Map.of()).getOrDefault(condition, List.of()));
        return Stream.concat(Stream.of(unconditional), conditional);
    }
}
