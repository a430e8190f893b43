package dev.weir.tools.lint;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.Problem;
import dev.weir.config.Rule;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.policy.Policies;
import dev.weir.policy.Policy;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** R2.9: what lint calls superfluous is, held against the engine that serves. */
class RedundancyTest {
    private static final int POLICIES = 3_000;
    private static final int BURSTS = 60;

    @Test
    void aLimitThatMakesNoDifferenceNeverRefusesAlone() {
        Random random = new Random(1);
        int found = 0;
        for (int i = 0; i < POLICIES; i++) {
            String yaml = new RandomPolicy(random).yaml();
            Policy policy = Policies.of(yaml);
            Set<String> superfluous = named(policy, LintRules.NEVER_BINDS);
            Set<String> displaced = named(policy, LintRules.DEFAULT_NEVER_BINDS);
            found += superfluous.size() + displaced.size();
            if (!superfluous.isEmpty() || !displaced.isEmpty()) {
                new RandomTraffic(policy, random).send(BURSTS, decision -> {
                    assertFalse(refusesAlone(decision, superfluous), () -> yaml + superfluous + decision);
                    assertFalse(isAsked(decision, displaced), () -> yaml + displaced + decision);
                });
            }
        }
        assertTrue(found > POLICIES / 10, "too few to tell");
    }

    /** In shadow or not: a limit in shadow that would refuse alone would make a difference. */
    private static boolean refusesAlone(Decision decision, Set<String> superfluous) {
        boolean refuses = decision.standings().stream().anyMatch(standing -> isOf(standing, superfluous))
                || decision.shadows().stream().anyMatch(standing -> isOf(standing, superfluous));
        return refuses
                && decision.standings().stream()
                        .noneMatch(standing -> standing.level().refuses()
                                && !superfluous.contains(standing.limit().name()));
    }

    private static boolean isOf(LimitStatus standing, Set<String> limits) {
        return standing.level().refuses() && limits.contains(standing.limit().name());
    }

    private static boolean isAsked(Decision decision, Set<String> limits) {
        return decision.standings().stream()
                        .anyMatch(standing -> limits.contains(standing.limit().name()))
                || decision.shadows().stream()
                        .anyMatch(standing -> limits.contains(standing.limit().name()));
    }

    private static Set<String> named(Policy policy, Rule rule) {
        return PolicyLint.check(policy, LintRules.all()).stream()
                .filter(problem -> problem.rule().equals(rule))
                .map(RedundancyTest::limit)
                .collect(Collectors.toSet());
    }

    /** The first name in the message. */
    private static String limit(Problem problem) {
        return problem.message().split("`", -1)[1];
    }
}
