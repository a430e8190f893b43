package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.decide.Decision;
import dev.weir.decide.Decisions;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.RefusalReason;
import dev.weir.identity.Caller;
import dev.weir.identity.Identification;
import dev.weir.policy.Limit;
import dev.weir.policy.Policies;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import dev.weir.request.Settlement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R6.3: Prometheus scrapes the metrics. */
class TelemetryTest {
    private static final Policy POLICY = Policies.of("""
            domain: llm
            limits:
              - {name: team-requests, tier: team, allow: 20 requests / 1m}
              - {name: user-requests, tier: user, allow: 20 requests / 1m}
            """);
    private static final List<Limit> LIMITS =
            POLICY.domains().values().iterator().next().limits();
    private static final long MILLISECOND = 1_000_000;

    private final Telemetry telemetry = new Telemetry(POLICY);

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void decisionsAreCountedByDomainLimitTierAndOutcome() {
        telemetry.decided(request("llm"), Decisions.allowed(List.of(), null), MILLISECOND);
        telemetry.decided(request("llm"), refused(LIMITS.get(0)), MILLISECOND);
        telemetry.decided(request("llm"), refused(LIMITS.get(1)), MILLISECOND);
        telemetry.decided(request("llm"), refused(LIMITS.get(1)), MILLISECOND);
        telemetry.decided(request("llm"), refused(null), MILLISECOND);

        assertEquals(1, decisions("llm", "none", "none", "allowed"));
        assertEquals(1, decisions("llm", "user-requests", "user", "refused"));
        assertEquals(2, decisions("llm", "team-requests", "team", "refused"));
        assertEquals(1, decisions("llm", "none", "none", "refused"));
    }

    @Test
    void everyLimitIsOnThePageBeforeItRefuses() {
        assertEquals(0, decisions("llm", "user-requests", "user", "refused"));
        assertEquals(0, decisions("llm", "team-requests", "team", "refused"));
    }

    @Test
    void aCallThatOnlySettlesIsNoDecision() {
        Request settlement = new Request("llm", null, List.of(), List.of(Settlement.used("r-1", 1)));
        telemetry.decided(settlement, Decision.Allowed.NOTHING_ASKED, MILLISECOND);

        assertEquals(0, decisions("llm", "none", "none", "allowed"));
    }

    @Test
    void theTimeOfEveryCallIsRecorded() {
        telemetry.decided(request("llm"), Decisions.allowed(List.of(), null), 15 * MILLISECOND);
        telemetry.failed("llm", new IllegalStateException(), 300 * MILLISECOND);

        assertEquals(2, value("weir_decision_seconds_count"));
        assertEquals(0.315, value("weir_decision_seconds_sum"), 1e-9);
        assertEquals(0, value("weir_decision_seconds_bucket{le=\"0.01\"}"));
        assertEquals(1, value("weir_decision_seconds_bucket{le=\"0.02\"}"));
        assertEquals(2, value("weir_decision_seconds_bucket{le=\"+Inf\"}"));
    }

    @Test
    void settlementsAndTheirTokensAreCounted() {
        telemetry.settled("llm", new Settled(Settled.Kind.SETTLED, 1_000, 734));
        telemetry.settled("llm", new Settled(Settled.Kind.KEPT, 500, 500));
        telemetry.settled("llm", Settled.UNKNOWN);

        assertEquals(1, value("weir_settlements_total{domain=\"llm\",outcome=\"settled\"}"));
        assertEquals(1, value("weir_settlements_total{domain=\"llm\",outcome=\"kept\"}"));
        assertEquals(1, value("weir_settlements_total{domain=\"llm\",outcome=\"unknown\"}"));
        assertEquals(1_000, value("weir_settled_tokens_total{domain=\"llm\",kind=\"held\"}"));
        assertEquals(734, value("weir_settled_tokens_total{domain=\"llm\",kind=\"used\"}"));
    }

    @Test
    void storeErrorsAreCounted() {
        telemetry.failed("llm", new IllegalStateException(), MILLISECOND);

        assertEquals(1, value("weir_store_errors_total{domain=\"llm\"}"));
    }

    @Test
    void refusalsForWantOfMemoryAreCountedApartFromOthersWithoutALimit() {
        telemetry.decided(request("llm"), refused(RefusalReason.STORE_FULL, null), MILLISECOND);
        telemetry.decided(request("llm"), refused(RefusalReason.MISSING_ATTRIBUTES, null), MILLISECOND);
        telemetry.decided(request("llm"), refused(LIMITS.get(0)), MILLISECOND);

        assertEquals(1, value("weir_store_full_total{domain=\"llm\"}"));
        assertEquals(2, decisions("llm", "none", "none", "refused"));
    }

    @Test
    void identificationsAreCountedByOutcome() {
        Caller alice = new Caller(Map.of("key", "alice-laptop", "user", "alice"));
        telemetry.identified(new Identification.Known(alice));
        telemetry.identified(new Identification.Known(alice));
        telemetry.identified(new Identification.NoCredential());
        telemetry.identified(new Identification.UnknownCredential());
        telemetry.identified(new Identification.Disabled(alice));

        assertEquals(2, value("weir_identifications_total{outcome=\"known\"}"));
        assertEquals(1, value("weir_identifications_total{outcome=\"no_credential\"}"));
        assertEquals(1, value("weir_identifications_total{outcome=\"unknown_credential\"}"));
        assertEquals(1, value("weir_identifications_total{outcome=\"disabled\"}"));
        assertFalse(telemetry.page().contains("alice"));
    }

    @Test
    void aDomainThatThePolicyDoesNotHaveIsNeverALabel() {
        telemetry.decided(
                request("from-a-client"),
                new Decision.Invalid(Decision.Invalid.Kind.UNKNOWN_DOMAIN, "no such domain"),
                MILLISECOND);
        telemetry.settled("from-a-client", Settled.UNKNOWN);
        telemetry.failed("from-a-client", new IllegalStateException(), MILLISECOND);

        assertFalse(telemetry.page().contains("from-a-client"));
        assertEquals(1, decisions("unknown", "none", "none", "invalid"));
        assertEquals(1, value("weir_settlements_total{domain=\"unknown\",outcome=\"unknown\"}"));
        assertEquals(1, value("weir_store_errors_total{domain=\"unknown\"}"));
    }

    @Test
    void requestsThatMetNoLimitAreCounted() {
        telemetry.decided(request("llm"), Decisions.withoutLimit(), MILLISECOND);
        telemetry.decided(request("llm"), Decisions.allowed(List.of(), null), MILLISECOND);

        assertEquals(1, value("weir_unlimited_requests_total{domain=\"llm\"}"));
    }

    @Test
    void reservationsThatWereGivenOutAreCounted() {
        telemetry.decided(request("llm"), Decisions.allowed(List.of(), "r-1"), MILLISECOND);
        telemetry.decided(request("llm"), Decisions.allowed(List.of(), null), MILLISECOND);

        assertEquals(1, value("weir_reservations_total{domain=\"llm\"}"));
    }

    @Test
    void answersThatNobodyWaitedForAreCounted() {
        telemetry.answeredLate("llm");

        assertEquals(1, value("weir_late_answers_total{domain=\"llm\"}"));
    }

    @Test
    void howFullMemoryIsIsShown() {
        ManualClock clock = new ManualClock();
        MemoryBuckets buckets = new MemoryBuckets(42, clock);
        telemetry.watch(buckets);
        Charge tokens = new Charge("alice", new Algorithm.SlidingWindow(100, 60_000_000), 10, EndAction.SETTLE);
        buckets.admit(new Admission(List.of(tokens), "r", 30_000_000));
        assertEquals(2, value("weir_buckets"));
        assertEquals(42, value("weir_buckets_max"));
        clock.advanceSeconds(30);
        buckets.settle("r", Usage.UNKNOWN);

        assertEquals(1, value("weir_buckets"));
        assertEquals(1, value("weir_reservations_expired_total"));
    }

    @Test
    void whetherRefusalsAreWrittenIsShown() {
        AtomicLong waiting = new AtomicLong();
        telemetry.watchRefusals(() -> waiting.get() > 0, waiting::get);
        assertEquals(0, value("weir_refusals_failing"));
        assertEquals(0, value("weir_refusals_waiting"));

        waiting.set(7);
        assertEquals(1, value("weir_refusals_failing"));
        assertEquals(7, value("weir_refusals_waiting"));
    }

    @Test
    void theProcessAndItsBuildAreShown() {
        assertEquals(1, value("weir_build_info{version=\"not packaged\"}"));
        assertTrue(value("process_start_time_seconds") > 0);
        assertTrue(value("process_files_open_files") > 0);
        assertTrue(value("jvm_threads_live_threads") > 0);
    }

    private double decisions(String domain, String limit, String tier, String outcome) {
        return value("weir_decisions_total{domain=\"%s\",limit=\"%s\",outcome=\"%s\",tier=\"%s\"}"
                .formatted(domain, limit, outcome, tier));
    }

    private double value(String sample) {
        List<String> lines = telemetry
                .page()
                .lines()
                .filter(line -> line.startsWith(sample + " "))
                .toList();
        assertTrue(lines.size() == 1, () -> sample + " stands on the page " + lines.size() + " times");
        return Double.parseDouble(lines.get(0).substring(sample.length() + 1));
    }

    private static Decision.Refused refused(@Nullable Limit limit) {
        return refused(RefusalReason.OVER_LIMIT, limit);
    }

    private static Decision.Refused refused(RefusalReason reason, @Nullable Limit limit) {
        LimitStatus by = limit == null ? null : new LimitStatus(limit, 0, 1, new BucketStatus(20, 1, 1));
        return Decisions.refused(reason, by, by == null ? List.of() : List.of(by), 1, "No.");
    }

    private static Request request(String domain) {
        return new Request(domain, null, List.of(new Descriptor(Attributes.of("user", "alice"), 1)), List.of());
    }
}
