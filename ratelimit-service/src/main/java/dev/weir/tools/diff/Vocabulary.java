package dev.weir.tools.diff;

import dev.weir.policy.Condition;
import dev.weir.policy.DescriptorNode;
import dev.weir.policy.Descriptors;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Collects what requests to a domain are made of: the keys that belong together, and for each key the values that are written, some
 * that fit the patterns, and some that nobody wrote.
 */
final class Vocabulary {
    /** Texts that replace a star. */
    private static final List<String> IN_PLACE_OF_STARS = List.of("", "x", "yz");

    private static final List<String> STRANGERS = List.of("one", "another");
    private static final long MOST = 1_000;

    private final Set<List<String>> shapes = new LinkedHashSet<>();
    private final Map<String, Set<String>> values = new TreeMap<>();
    private final Set<Long> amounts = new TreeSet<>(Set.of(1L));

    /** Collects from all of these, which are one domain in several policies. */
    Vocabulary(List<Domain> domains) {
        domains.forEach(domain -> {
            Descriptors descriptors = domain.descriptors();
            if (descriptors != null) {
                addBelow(descriptors.tree().root(), List.of());
            }
            domain.limits().forEach(descriptors == null ? this::add : this::addAmount);
        });
        if (shapes.isEmpty()) {
            shapes.add(List.of());
        }
    }

    List<List<String>> shapes() {
        return List.copyOf(shapes);
    }

    List<String> values(String key) {
        return List.copyOf(values.getOrDefault(key, Set.of("")));
    }

    /** Returns 1 and the amounts that the limits let through at once, brought into the range from 1 to 1,000. */
    List<Long> amounts() {
        return List.copyOf(amounts);
    }

    private void addBelow(DescriptorNode node, List<String> above) {
        for (DescriptorNode child : node.children().values()) {
            List<String> shape = new ArrayList<>(above);
            shape.add(child.key());
            shapes.add(List.copyOf(shape));
            addValue(child.key(), child.value());
            addBelow(child, shape);
        }
    }

    private void add(Limit limit) {
        Set<String> keys = new LinkedHashSet<>(limit.per());
        for (Condition condition : limit.when()) {
            keys.add(condition.attribute());
            condition.values().stream().sorted().forEach(value -> addValue(condition.attribute(), value));
            condition.globs().forEach(glob -> addValue(condition.attribute(), glob.toString()));
        }
        limit.per().forEach(key -> addValue(key, ""));
        boolean known = shapes.stream().anyMatch(shape -> new TreeSet<>(shape).equals(new TreeSet<>(keys)));
        if (!known && !keys.isEmpty()) {
            shapes.add(List.copyOf(keys));
        }
        addAmount(limit);
    }

    private void addValue(String key, String value) {
        Set<String> known = values.computeIfAbsent(key, none -> new TreeSet<>(STRANGERS));
        Stream.of(value)
                .filter(text -> !text.isEmpty())
                .flatMap(text -> text.indexOf('*') < 0
                        ? Stream.of(text)
                        : IN_PLACE_OF_STARS.stream().map(part -> text.replace("*", part)))
                .forEach(known::add);
    }

    private void addAmount(Limit limit) {
        if (!limit.allow().unlimited()) {
            amounts.add(Math.max(1, Math.min(MOST, limit.most())));
        }
    }
}
