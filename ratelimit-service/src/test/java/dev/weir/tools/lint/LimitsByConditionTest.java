package dev.weir.tools.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.policy.Limit;
import dev.weir.policy.Policies;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The short way finds what comparing all pairs finds. */
class LimitsByConditionTest {
    private final Random random = new Random(1);

    @Test
    void itFindsTheSameAsComparingAllPairs() {
        for (int i = 0; i < 200; i++) {
            List<Limit> limits = limits(2 + random.nextInt(30));
            LimitsByCondition byCondition = new LimitsByCondition(limits);
            for (Limit limit : limits) {
                Predicate<Limit> within = other -> other.order() != limit.order()
                        && new HashSet<>(limit.when()).containsAll(other.when())
                        && other.most() >= limit.most();
                Optional<Limit> first = limits.stream().filter(within).findFirst();
                assertEquals(first, byCondition.firstWithin(limit, within));

                Predicate<Limit> beside = other -> other.most() > limit.most() && isBeside(other, limit);
                assertEquals(limits.stream().anyMatch(beside), byCondition.anyBeside(limit, beside));
            }
        }
    }

    private static boolean isBeside(Limit other, Limit limit) {
        return other.when().stream()
                .allMatch(condition -> limit.when().stream()
                        .allMatch(
                                own -> own.equals(condition) || !own.attribute().equals(condition.attribute())));
    }

    private List<Limit> limits(int many) {
        StringBuilder yaml = new StringBuilder("domain: llm\nlimits:\n");
        for (int i = 0; i < many; i++) {
            List<String> when = new ArrayList<>();
            for (String attribute : List.of("team", "user", "model")) {
                String value = List.of("a", "b", "c", "[a, b]", "{not: a}", "\"a*\"", "", "", "")
                        .get(random.nextInt(9));
                if (!value.isEmpty()) {
                    when.add(attribute + ": " + value);
                }
            }
            String condition = when.isEmpty() ? "" : ", when: {" + String.join(", ", when) + "}";
            yaml.append("  - {name: l%d, tier: global%s, allow: %d requests / 1m}\n"
                    .formatted(i, condition, 1 + random.nextInt(5)));
        }
        return Policies.of(yaml.toString()).domains().values().iterator().next().limits();
    }
}
