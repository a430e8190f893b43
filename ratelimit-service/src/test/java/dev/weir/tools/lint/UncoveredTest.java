package dev.weir.tools.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.config.Problem;
import dev.weir.policy.Policies;
import java.util.List;
import org.junit.jupiter.api.Test;

class UncoveredTest {
    private static final String PROD = "{name: prod, tier: user, when: {environment: prod}, allow: 9 requests / 1m}";
    private static final String DEV =
            "{name: dev, tier: user, when: {environment: [dev, \"dev-*\"]}, allow: 5 requests / 1m}";
    private static final String EVERYBODY = "{name: everybody, tier: global, per: [], allow: 99 requests / 1m}";

    @Test
    void valuesThatNoLimitAsksForPassAndThatIsToldOf() {
        assertEquals(
                List.of(
                        "domain `llm` lets requests with `environment: something-else` pass without any limit; add one without"
                                + " `when`, such as a `default: true`, or list what is meant"),
                found(PROD, DEV));
    }

    @Test
    void aLimitForEverybodyCoversThem() {
        assertEquals(List.of(), found(PROD, DEV, EVERYBODY));
        assertEquals(
                List.of(),
                found(PROD, "{name: rest, tier: user, per: [user], default: true, allow: unlimited requests}"));
        assertEquals(1, found(PROD, EVERYBODY.replace("}", ", mode: shadow}")).size());
    }

    @Test
    void limitsThatCompleteEachOtherCoverThem() {
        assertEquals(
                List.of(),
                found(PROD, "{name: others, tier: user, when: {environment: {not: prod}}, allow: 5 requests / 1m}"));
        assertEquals(List.of(), found("{name: any, tier: user, when: {environment: \"*\"}, allow: 5 requests / 1m}"));
    }

    @Test
    void aHoleBetweenSeveralAttributesIsFound() {
        assertEquals(
                List.of(
                        "domain `llm` lets requests with `environment: prod` and `model: something-else` pass without any limit;"
                                + " add one without `when`, such as a `default: true`, or list what is meant"),
                found(
                        "{name: a, tier: user, when: {environment: {not: prod}}, allow: 5 requests / 1m}",
                        "{name: b, tier: user, when: {environment: prod, model: large}, allow: 5 requests / 1m}"));
    }

    private static List<String> found(String... limits) {
        return PolicyLint.check(Policies.of("domain: llm\nlimits: [" + String.join(", ", limits) + "]\n"), List.of())
                .stream()
                .filter(problem -> problem.rule().equals(LintRules.UNCOVERED))
                .map(Problem::message)
                .toList();
    }
}
