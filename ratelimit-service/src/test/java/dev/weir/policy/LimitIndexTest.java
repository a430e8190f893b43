package dev.weir.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.request.Attributes;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** R1.1, R1.2: every limit whose attributes are present and match applies. */
class LimitIndexTest {
    private static final LimitIndex INDEX = Policies.domain("""
                    domain: llm
                    limits:
                      - {name: all, tier: global, allow: 1 requests / 1s}
                      - {name: user, tier: user, per: [user], allow: 1 requests / 1s}
                      - {name: user-model, tier: user, per: [user, model], allow: 1 requests / 1s}
                      - {name: prod, tier: key, when: {env: prod}, allow: 1 requests / 1s}
                      - {name: prod-chat, tier: key, when: {env: prod, service: chat}, allow: 1 requests / 1s}
                      - {name: prod-user, tier: key, when: {env: prod}, per: [user], allow: 1 requests / 1s}
                    """).index();

    private static final LimitIndex NARROW = Policies.domain("""
                    domain: llm
                    limits:
                      - {name: prod-user, tier: user, when: {env: prod}, per: [user], allow: 1 requests / 1s}
                      - {name: dev-team, tier: team, when: {env: dev}, per: [team], allow: 1 requests / 1s}
                    """).index();

    @Test
    void aLimitWithoutWhenOrPerAppliesToEverything() {
        assertEquals(Set.of("all"), matches(INDEX));
        assertEquals(Set.of("all"), matches(INDEX, "other", "x"));
    }

    @Test
    void aLimitAppliesWhereAllOfItsPerArePresent() {
        assertEquals(Set.of("all", "user"), matches(INDEX, "user", "alice"));
        assertEquals(Set.of("all", "user", "user-model"), matches(INDEX, "model", "m", "user", "alice"));
        assertEquals(Set.of("all"), matches(INDEX, "model", "m"));
    }

    @Test
    void anEmptyValueIsPresent() {
        assertEquals(Set.of("all", "user"), matches(INDEX, "user", ""));
    }

    @Test
    void aLimitAppliesWhereAllOfItsWhenMatch() {
        assertEquals(Set.of("all", "prod"), matches(INDEX, "env", "prod"));
        assertEquals(Set.of("all", "prod", "prod-chat"), matches(INDEX, "env", "prod", "service", "chat"));
        assertEquals(Set.of("all", "prod"), matches(INDEX, "env", "prod", "service", "mail"));
        assertEquals(Set.of("all"), matches(INDEX, "env", "PROD", "service", "chat"));
        assertEquals(Set.of("all"), matches(INDEX, "service", "chat"));
    }

    @Test
    void whenAndPerHoldTogether() {
        assertEquals(Set.of("all", "user", "prod", "prod-user"), matches(INDEX, "env", "prod", "user", "alice"));
        assertEquals(Set.of("all", "user"), matches(INDEX, "env", "dev", "user", "alice"));
    }

    @Test
    void theFirstOfADoubledNameDecides() {
        assertEquals(Set.of("all"), matches(INDEX, "env", "dev", "env", "prod"));
        assertEquals(Set.of("all", "prod"), matches(INDEX, "env", "prod", "env", "dev"));
    }

    @Test
    void amongManyLimitsOnlyThoseOfTheValueAreFound() {
        String limits = IntStream.range(0, 1_000)
                .mapToObj(
                        "  - {name: u%1$d, tier: user, when: {user: u%1$d}, per: [user], allow: 1 requests / 1s}\n"
                                ::formatted)
                .collect(Collectors.joining());
        LimitIndex index = Policies.domain("domain: llm\nlimits:\n" + limits).index();

        assertEquals(Set.of("u0"), matches(index, "user", "u0"));
        assertEquals(Set.of("u999"), matches(index, "user", "u999"));
        assertEquals(Set.of(), matches(index, "user", "u1000"));
    }

    @Test
    void whatARequestLacksIsNamed() {
        assertEquals(Set.of("env", "team", "user"), missing("other", "x"));
        assertEquals(Set.of("user"), missing("env", "prod"));
        assertEquals(Set.of("team"), missing("env", "dev", "user", "alice"));
        assertEquals(Set.of("env", "team"), missing("user", "alice"));
    }

    @Test
    void nothingIsMissingWhereAValueRulesEveryLimitOut() {
        assertEquals(Set.of(), missing("env", "test"));
    }

    private static Set<String> matches(LimitIndex index, String... attributes) {
        Set<String> names = new TreeSet<>();
        index.match(Attributes.of(attributes), limit -> names.add(limit.name()));
        return names;
    }

    private static Set<String> missing(String... attributes) {
        return NARROW.missing(Attributes.of(attributes));
    }
}
