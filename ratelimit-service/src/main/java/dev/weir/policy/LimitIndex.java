package dev.weir.policy;

import dev.weir.request.Attributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Finds the limits that apply to a set of attributes: those whose {@code when} holds and whose {@code per} are all there.
 *
 * <p>A limit that asks for some values of an attribute is filed under each of them; where several of its conditions do, under the values
 * that the fewest limits ask for. Only requests that carry such a value look at it: of a thousand limits for a thousand users, a request
 * looks at one, whether or not they also ask for {@code environment: prod}. Every request looks at limits without such a condition, such
 * as those with nothing but globs and negations.
 */
public final class LimitIndex {
    private final List<Limit> all;
    private final Rule[] everywhere;
    private final Map<String, Map<String, Rule[]>> byPair = new HashMap<>();

    private record Pair(String name, String value) {}

    LimitIndex(List<Limit> limits) {
        all = List.copyOf(limits);
        Map<Pair, Integer> shared = new HashMap<>();
        for (Limit limit : limits) {
            limit.when().stream()
                    .filter(Condition::isExact)
                    .flatMap(condition -> pairs(condition).stream())
                    .forEach(pair -> shared.merge(pair, 1, Integer::sum));
        }
        Map<Pair, List<Rule>> filed = new HashMap<>();
        List<Rule> unfiled = new ArrayList<>();
        for (Limit limit : limits) {
            Rule rule = new Rule(limit);
            rarest(limit, shared)
                    .ifPresentOrElse(
                            condition -> pairs(condition)
                                    .forEach(pair -> filed.computeIfAbsent(pair, none -> new ArrayList<>())
                                            .add(rule)),
                            () -> unfiled.add(rule));
        }
        everywhere = unfiled.toArray(Rule[]::new);
        filed.forEach((pair, rules) -> byPair.computeIfAbsent(pair.name(), name -> new HashMap<>())
                .put(pair.value(), rules.toArray(Rule[]::new)));
    }

    private static List<Pair> pairs(Condition condition) {
        return condition.values().stream()
                .map(value -> new Pair(condition.attribute(), value))
                .toList();
    }

    private static Optional<Condition> rarest(Limit limit, Map<Pair, Integer> shared) {
        return limit.when().stream()
                .filter(Condition::isExact)
                .min(Comparator.comparing((Condition condition) -> pairs(condition).stream()
                                .mapToInt(pair -> shared.getOrDefault(pair, 0))
                                .sum())
                        .thenComparing(Condition::attribute));
    }

    /** Gives {@code found} every limit that applies, once and in no particular order. */
    public void match(Attributes attributes, Consumer<Limit> found) {
        offer(everywhere, attributes, found);
        if (byPair.isEmpty()) {
            return;
        }
        for (int i = 0; i < attributes.size(); i++) {
            Map<String, Rule[]> byValue = byPair.get(attributes.name(i));
            Rule[] filed = byValue == null ? null : byValue.get(attributes.value(i));
            if (filed != null && attributes.isFirst(i)) {
                offer(filed, attributes, found);
            }
        }
    }

    private static void offer(Rule[] rules, Attributes attributes, Consumer<Limit> found) {
        for (Rule rule : rules) {
            if (rule.applies(attributes)) {
                found.accept(rule.limit);
            }
        }
    }

    /** A limit with its conditions in arrays, which are read without an iterator. */
    private static final class Rule {
        private final Limit limit;
        private final Condition[] when;
        private final String[] per;

        Rule(Limit limit) {
            this.limit = limit;
            this.when = limit.when().toArray(Condition[]::new);
            this.per = limit.per().toArray(String[]::new);
        }

        boolean applies(Attributes attributes) {
            for (Condition condition : when) {
                if (!condition.holds(attributes.get(condition.attribute()))) {
                    return false;
                }
            }
            for (String attribute : per) {
                if (attributes.get(attribute) == null) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Returns the attributes that a request lacks for limits that would refuse it and that nothing else rules out; empty where the
     * values that it does carry rule out every limit. Slow: meant for requests that no limit applies to.
     */
    public Set<String> missing(Attributes attributes) {
        Set<String> missing = new TreeSet<>();
        for (Limit limit : all) {
            boolean ruledOut = limit.when().stream().anyMatch(condition -> {
                String value = attributes.get(condition.attribute());
                return value != null && !condition.holds(value);
            });
            if (!ruledOut && limit.scope().mode().enforces(attributes)) {
                limit.when().stream()
                        .filter(Condition::needsAttribute)
                        .map(Condition::attribute)
                        .filter(name -> attributes.get(name) == null)
                        .forEach(missing::add);
                limit.per().stream()
                        .filter(name -> attributes.get(name) == null)
                        .forEach(missing::add);
            }
        }
        return missing;
    }
}
