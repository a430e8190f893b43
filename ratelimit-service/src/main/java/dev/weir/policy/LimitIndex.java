package dev.weir.policy;

import dev.weir.request.Attributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Finds the limits that apply to a set of attributes: those whose {@code when} matches and whose {@code per} are all there.
 *
 * <p>A limit with a {@code when} is filed under one of its pairs, so it is looked at only by requests that carry that pair; a
 * thousand limits for a thousand users cost a request one of them.
 */
public final class LimitIndex {
    private final List<Limit> all;
    private final List<Limit> everywhere = new ArrayList<>();
    private final Map<String, Map<String, List<Limit>>> byPair = new HashMap<>();

    LimitIndex(List<Limit> limits) {
        all = List.copyOf(limits);
        for (Limit limit : limits) {
            filedUnder(limit).add(limit);
        }
    }

    private List<Limit> filedUnder(Limit limit) {
        return limit.when().entrySet().stream()
                .min(Map.Entry.comparingByKey())
                .map(pair -> byPair.computeIfAbsent(pair.getKey(), name -> new HashMap<>())
                        .computeIfAbsent(pair.getValue(), value -> new ArrayList<>()))
                .orElse(everywhere);
    }

    /** Hands every limit that applies to {@code found}, in no particular order. */
    public void match(Attributes attributes, Consumer<Limit> found) {
        offer(everywhere, attributes, found);
        if (byPair.isEmpty()) {
            return;
        }
        for (int i = 0; i < attributes.size(); i++) {
            Map<String, List<Limit>> byValue = byPair.get(attributes.name(i));
            List<Limit> filed = byValue == null ? null : byValue.get(attributes.value(i));
            if (filed != null) {
                offer(filed, attributes, found);
            }
        }
    }

    private static void offer(List<Limit> limits, Attributes attributes, Consumer<Limit> found) {
        for (Limit limit : limits) {
            if (applies(limit, attributes)) {
                found.accept(limit);
            }
        }
    }

    private static boolean applies(Limit limit, Attributes attributes) {
        for (Map.Entry<String, String> pair : limit.when().entrySet()) {
            if (!pair.getValue().equals(attributes.get(pair.getKey()))) {
                return false;
            }
        }
        for (String attribute : limit.per()) {
            if (attributes.get(attribute) == null) {
                return false;
            }
        }
        return true;
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
