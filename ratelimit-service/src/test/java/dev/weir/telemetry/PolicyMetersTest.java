package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.Decisions;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.RefusalReason;
import dev.weir.policy.Limit;
import dev.weir.policy.Policies;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R6.3, invariant 7: metrics while policies come and go. */
class PolicyMetersTest {
    private static final Policy BEFORE = policy("first", "second");
    private static final Policy AFTER = policy("third", "second");

    private long nowMillis = 5_500;
    private final Telemetry telemetry = new Telemetry(BEFORE, () -> nowMillis);

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void theLimitsOfANewPolicyAreOnThePageBeforeItDecides() {
        telemetry.load(AFTER);

        assertEquals(0, refusals("third"));
        assertEquals(0, page().value("weir_decisions_total", "limit", "third", "outcome", "shadow"));
    }

    @Test
    void decisionsOfBothPoliciesFindTheirLimits() {
        telemetry.load(AFTER);
        telemetry.decided(request(), refused(limit(BEFORE, "first")), 1);
        telemetry.decided(request(), refused(limit(BEFORE, "second")), 1);
        telemetry.decided(request(), refused(limit(AFTER, "second")), 1);
        telemetry.decided(request(), refused(limit(AFTER, "third")), 1);

        assertEquals(1, refusals("first"));
        assertEquals(2, refusals("second"));
        assertEquals(1, refusals("third"));
    }

    @Test
    void aLimitThatComesBackGoesOnCounting() {
        telemetry.decided(request(), refused(limit(BEFORE, "first")), 1);
        telemetry.load(AFTER);
        telemetry.load(BEFORE);
        telemetry.decided(request(), refused(limit(BEFORE, "first")), 1);

        assertEquals(2, refusals("first"));
    }

    @Test
    void aLimitThatMovesToAnotherTierCountsThere() {
        telemetry.load(Policies.of("""
                domain: llm
                limits:
                  - {name: first, tier: team, allow: 20 requests / 1m}
                """));
        telemetry.decided(request(), refused(limit(BEFORE, "first")), 1);

        assertEquals(1, page().value("weir_decisions_total", "limit", "first", "tier", "team", "outcome", "refused"));
        assertEquals(0, page().value("weir_decisions_total", "limit", "first", "tier", "user", "outcome", "refused"));
    }

    @Test
    void aLimitOfADescriptorsOwnIsCalledSo() {
        Limit own = limit(policy("override-by-somebody"), "override-by-somebody");
        telemetry.decided(request(), refused(own), 1);

        assertEquals(1, refusals("override"));
    }

    @Test
    void limitsInForceAreCountedAndADomainThatHasGoneHasNone() {
        assertEquals(2, page().value("weir_limits", "domain", "llm"));
        telemetry.load(new Policy(Map.of()));
        assertEquals(0, page().value("weir_limits", "domain", "llm"));
    }

    @Test
    void afterTenThousandNamesNewOnesShareALine() {
        String[] generated = IntStream.range(0, 9_999).mapToObj(i -> "g" + i).toArray(String[]::new);
        telemetry.load(policy(generated));
        telemetry.load(policy("late", "later", "second"));
        telemetry.decided(request(), refused(limit(policy("late"), "late")), 1);
        telemetry.decided(request(), refused(limit(policy("later"), "later")), 1);
        telemetry.decided(request(), refused(limit(BEFORE, "second")), 1);

        Set<String> limits = page().values("weir_decisions_total", "limit");
        assertFalse(limits.contains("late"));
        assertEquals(2, refusals("other"));
        assertEquals(1, refusals("second"));
    }

    @Test
    void onlyTheVersionInForceIsShown() {
        telemetry.policyLoaded("1f2e");
        nowMillis = 7_250;
        telemetry.policyLoaded("77aa");
        telemetry.policyLoaded("77aa");

        assertEquals(Set.of("77aa"), page().values("weir_policy_info", "version"));
        assertEquals(1, page().value("weir_policy_info"));
        assertEquals(7.25, page().value("weir_policy_loaded_timestamp_seconds"));
        assertEquals(3, page().value("weir_policy_loads_total", "outcome", "loaded"));
    }

    @Test
    void aPolicyThatWasRefusedShowsItsProblemsUntilOneIsTaken() {
        telemetry.policyLoaded("1f2e");
        nowMillis = 7_250;
        telemetry.policyRefused(3);

        assertEquals(3, page().value("weir_policy_problems"));
        assertEquals(1, page().value("weir_policy_loads_total", "outcome", "refused"));
        assertEquals(5.5, page().value("weir_policy_loaded_timestamp_seconds"));
        assertEquals(Set.of("1f2e"), page().values("weir_policy_info", "version"));
        telemetry.policyLoaded("77aa");
        assertEquals(0, page().value("weir_policy_problems"));
    }

    private double refusals(String limit) {
        return page().value("weir_decisions_total", "domain", "llm", "limit", limit, "outcome", "refused");
    }

    private MetricsPage page() {
        return MetricsPage.of(telemetry.page());
    }

    private static Policy policy(String... names) {
        return Policies.of("domain: llm\nlimits:\n"
                + Set.of(names).stream()
                        .map(name -> "  - {name: " + name + ", tier: user, allow: 20 requests / 1m}\n")
                        .collect(Collectors.joining()));
    }

    private static Limit limit(Policy policy, String name) {
        return policy.domains().get("llm").limits().stream()
                .filter(limit -> limit.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Decision.Refused refused(Limit limit) {
        LimitStatus by = new LimitStatus(limit, 0, 1, new BucketStatus(20, 1, 1));
        return Decisions.refused(RefusalReason.OVER_LIMIT, by, List.of(by), 1, "No.");
    }

    private static Request request() {
        return new Request("llm", null, List.of(new Descriptor(Attributes.of("user", "alice"), 1)), List.of());
    }
}
