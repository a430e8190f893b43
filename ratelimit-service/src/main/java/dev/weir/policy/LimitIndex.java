package dev.weir.policy;

import dev.weir.request.Attributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Finds the limits that apply to a set of attributes: those whose {@code when} matches and whose {@code per} are all there.
 *
 * <p>A limit with a {@code when} is filed under that of its pairs which the fewest limits have, so it is looked at only by requests
 * that carry that pair; a thousand limits for a thousand users cost a request one of them, {@code environment: prod} beside the user
 * or not.
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
            limit.when().forEach((name, value) -> shared.merge(new Pair(name, value), 1, Integer::sum));
        }
        Map<Pair, List<Rule>> filed = new HashMap<>();
        List<Rule> unfiled = new ArrayList<>();
        for (Limit limit : limits) {
            rarest(limit, shared)
                    .map(pair -> filed.computeIfAbsent(pair, none -> new ArrayList<>()))
                    .orElse(unfiled)
                    .add(new Rule(limit));
        }
        everywhere = unfiled.toArray(Rule[]::new);
        filed.forEach((pair, rules) -> byPair.computeIfAbsent(pair.name(), name -> new HashMap<>())
                .put(pair.value(), rules.toArray(Rule[]::new)));
    }

    private static Optional<Pair> rarest(Limit limit, Map<Pair, Integer> shared) {
        return limit.when().entrySet().stream()
                .map(pair -> new Pair(pair.getKey(), pair.getValue()))
                .min(Comparator.comparing((Pair pair) -> shared.getOrDefault(pair, 0))
                        .thenComparing(Pair::name));
    }

    /** Hands every limit that applies to {@code found}, in no particular order. */
    public void match(Attributes attributes, Consumer<Limit> found) {
        offer(everywhere, attributes, found);
        if (byPair.isEmpty()) {
            return;
        }
        for (int i = 0; i < attributes.size(); i++) {
            Map<String, Rule[]> byValue = byPair.get(attributes.name(i));
            Rule[] filed = byValue == null ? null : byValue.get(attributes.value(i));
            if (filed != null) {
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
        private final String[] names;
        private final String[] values;
        private final String[] per;

        Rule(Limit limit) {
            this.limit = limit;
            this.names = limit.when().keySet().stream().sorted().toArray(String[]::new);
            this.values = Arrays.stream(names).map(limit.when()::get).toArray(String[]::new);
            this.per = limit.per().toArray(String[]::new);
        }

        boolean applies(Attributes attributes) {
            for (int i = 0; i < names.length; i++) {
                if (!values[i].equals(attributes.get(names[i]))) {
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
     * The attributes that a request lacks for limits which nothing else rules out. Empty where every limit is ruled out by a
     * value that the request does carry. Slow: meant for requests that no limit applies to.
     */
    public Set<String> missing(Attributes attributes) {
        Set<String> missing = new TreeSet<>();
        for (Limit limit : all) {
            boolean ruledOut = limit.when().entrySet().stream().anyMatch(pair -> {
                String value = attributes.get(pair.getKey());
                return value != null && !value.equals(pair.getValue());
            });
            if (!ruledOut) {
                limit.when().keySet().stream()
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
