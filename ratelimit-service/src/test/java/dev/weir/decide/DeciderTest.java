package dev.weir.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Admission;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.OverloadedException;
import dev.weir.bucket.OverloadedException.Shed;
import dev.weir.bucket.Patience;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.policy.read.PolicyReader;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import dev.weir.request.Settlement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R4.1, R5.1, R5.2 and "Semantics, settled": which limits are charged with what, and which one is named. */
class DeciderTest {
    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();

    @Test
    void everyLimitThatAppliesIsCharged() throws Exception {
        Decider decider = decider("""
                domain: llm
                limits:
                  - {name: all, tier: global, per: [], allow: 10 requests / 1m}
                  - {name: team, tier: team, per: [team], allow: 10 requests / 1m}
                  - {name: prod-user, tier: user, per: [user], when: {environment: prod}, allow: 10 requests / 1m}
                  - {name: dev-user, tier: user, per: [user], when: {environment: dev}, allow: 10 requests / 1m}
                """);
        Decision.Allowed allowed = allowed(decider, Attributes.of("user", "a", "team", "t", "environment", "prod"));
        assertEquals(List.of("prod-user", "team", "all"), names(allowed));
        assertNull(allowed.reservation());
    }

    @Test
    void theLimitThatIsNamedIsTheOneTheWaitIsFor() throws Exception {
        Decider decider = decider("""
                domain: llm
                limits:
                  - {name: all-by-hour, tier: global, per: [], allow: 2 requests / 1h}
                  - {name: user-by-minute, tier: user, per: [user], allow: 2 requests / 1m}
                  - {name: key-by-minute, tier: key, per: [key], allow: 9 requests / 1m}
                """);
        Attributes alice = Attributes.of("user", "alice", "key", "k");
        allowed(decider, alice);
        allowed(decider, alice);
        Decision.Refused refused = refused(decider, alice);
        assertEquals(RefusalReason.OVER_LIMIT, refused.reason());
        assertEquals("all-by-hour", refused.by().limit().name());
        assertEquals(refused.by().level().retryMicros(), refused.retryMicros());
        assertTrue(refused.sentence().contains("`all-by-hour`"), refused.sentence());
        assertEquals(2, refused.standings().get(0).level().used(), "the key's bucket was not charged for the refusal");
    }

    @Test
    void ofLimitsWithOneWaitTheFirstInTierOrderIsNamed() throws Exception {
        Decider decider = decider("""
                domain: llm
                limits:
                  - {name: all, tier: global, per: [], allow: 2 requests / 1m}
                  - {name: user, tier: user, per: [user], allow: 2 requests / 1m}
                """);
        Attributes alice = Attributes.of("user", "alice");
        allowed(decider, alice);
        allowed(decider, alice);

        assertEquals("user", refused(decider, alice).by().limit().name());
    }

    @Test
    void aLimitThatNoWaitingHelpsWithIsNamedBeforeOneThatIsUsedUp() throws Exception {
        Decider decider = decider("""
                domain: llm
                limits:
                  - {name: user-requests, tier: user, per: [user], allow: 1 requests / 1m}
                  - {name: all-tokens, tier: global, per: [], allow: 100 tokens / 1m, estimate: 10}
                """);
        allowed(decider, Attributes.of("user", "alice"));

        Decision.Refused refused = refused(decider, Attributes.of("user", "alice", "max_tokens", "101"));

        assertEquals(RefusalReason.NEVER_FITS, refused.reason());
        assertEquals("all-tokens", refused.by().limit().name());
        assertTrue(refused.sentence().contains("`all-tokens`"), refused.sentence());
    }

    @Test
    void aRequestAboveALimitIsToldThatItNeverFits() throws Exception {
        Decider decider = decider(tokens(1_000));
        Decision.Refused refused = refused(decider, Attributes.of("user", "a", "max_tokens", "1001"));
        assertEquals(RefusalReason.NEVER_FITS, refused.reason());
        assertEquals(BucketStatus.NEVER, refused.retryMicros());
        assertTrue(refused.sentence().contains("1001") && refused.sentence().contains("max_tokens"));
    }

    @Test
    void tokensAreHeldAsMaxTokensSaysOrAsTheLimitEstimates() throws Exception {
        Decider decider = decider(tokens(1_000));
        assertEquals(
                400,
                allowed(decider, Attributes.of("user", "a", "max_tokens", "400"))
                        .standings()
                        .get(0)
                        .level()
                        .used());
        assertEquals(
                500,
                allowed(decider, Attributes.of("user", "a"))
                        .standings()
                        .get(0)
                        .level()
                        .used());
    }

    @Test
    void maxTokensThatCannotBeReadIsRefusedAndChargesNothing() throws Exception {
        Decider decider = decider(tokens(1_000));
        for (String value : List.of("unreadable", "-1", "1e9", "", "50.5", "9007199254740992")) {
            Decision.Refused refused = refused(decider, Attributes.of("user", "a", "max_tokens", value));
            assertEquals(RefusalReason.UNREADABLE_MAX_TOKENS, refused.reason(), value);
        }
        allowed(decider, Attributes.of("user", "a", "max_tokens", "1000"));
    }

    @Test
    void aSettlementReplacesTheEstimateOnce() throws Exception {
        Decider decider = decider(tokens(1_000));
        String reservation = allowed(decider, Attributes.of("user", "a", "max_tokens", "900"))
                .reservation();
        assertNotNull(reservation);
        Settlement settlement = Settlement.used(reservation, 150);
        assertEquals(new Settled(Settled.Kind.SETTLED, 900, 150), settle(decider, settlement));
        assertEquals(Settled.UNKNOWN, settle(decider, settlement));
        assertEquals(
                1_000,
                allowed(decider, Attributes.of("user", "a", "max_tokens", "850"))
                        .standings()
                        .get(0)
                        .level()
                        .used());
    }

    @Test
    void twoReservationsNeverShareAnId() throws Exception {
        Decider one = decider(tokens(1_000));
        Decider other = decider(tokens(1_000));
        Attributes alice = Attributes.of("user", "a", "max_tokens", "1");
        String first = allowed(one, alice).reservation();
        assertNotEquals(first, allowed(one, alice).reservation());
        assertNotEquals(first, allowed(other, alice).reservation());
    }

    @Test
    void aReservationOfOneDomainIsUnknownInAnother() throws Exception {
        Files.writeString(folder.resolve("a.yaml"), tokens(1_000));
        Files.writeString(folder.resolve("b.yaml"), tokens(1_000).replace("domain: llm", "domain: other"));
        Decider decider = new Decider(PolicyReader.read(folder), new MemoryBuckets(100, clock), Duration.ofHours(1));
        String reservation = allowed(decider, Attributes.of("user", "a")).reservation();
        Settlement settlement = Settlement.used(reservation, 1);
        assertEquals(
                Settled.UNKNOWN,
                decider.settle("other", settlement).toCompletableFuture().join());
    }

    @Test
    void aBucketThatSeveralDescriptorsReachIsChargedOnceWithTheLargestAmount() throws Exception {
        Decider decider = decider(tokens(1_000));
        Decision decision = decide(
                decider,
                new Descriptor(Attributes.of("user", "a", "max_tokens", "100"), 1),
                new Descriptor(Attributes.of("user", "a", "max_tokens", "300"), 1),
                new Descriptor(Attributes.of("user", "a", "max_tokens", "200"), 1));
        Decision.Allowed allowed = assertInstanceOf(Decision.Allowed.class, decision);
        assertEquals(1, allowed.standings().size());
        assertEquals(300, allowed.standings().get(0).level().used());
    }

    @Test
    void hitsCountRequestsAndNoHitsOnlyAsk() throws Exception {
        Decider decider = decider("""
                domain: llm
                limits:
                  - {name: user, tier: user, per: [user], allow: 10 requests / 1m}
                """);
        Attributes alice = Attributes.of("user", "alice");
        assertEquals(7, used(decide(decider, new Descriptor(alice, 7))));
        assertInstanceOf(Decision.Refused.class, decide(decider, new Descriptor(alice, 4)));
        assertEquals(7, used(decide(decider, new Descriptor(alice, 0))));
        assertEquals(10, used(decide(decider, new Descriptor(alice, 3))));
        assertInstanceOf(Decision.Refused.class, decide(decider, new Descriptor(alice, 0)));
    }

    @Test
    void parallelRequestsHoldASlotUntilTheyAreSettledOrReleased() throws Exception {
        Decider decider = decider("""
                domain: llm
                limits:
                  - {name: user-parallel, tier: user, per: [user], allow: 2 parallel}
                """);
        Attributes alice = Attributes.of("user", "alice");
        String first = allowed(decider, alice).reservation();
        String second = allowed(decider, alice).reservation();
        Decision.Refused refused = refused(decider, alice);
        assertEquals(
                "The user limit `user-parallel` allows 2 parallel; 2 are used. Try again in 1 s.", refused.sentence());
        settle(decider, Settlement.used(first, 77));
        settle(decider, Settlement.keep(first));
        allowed(decider, alice);
        refused(decider, alice);
        settle(decider, Settlement.keep(second));
        allowed(decider, alice);
    }

    @Test
    void aRequestThatTakesLongerThanReservationsAreKeptFreesItsSlotWhereThatIsLeasedForLonger() throws Exception {
        Decider decider = decider("""
                domain: llm
                limits:
                  - {name: user-parallel, tier: user, per: [user], allow: 1 parallel, lease: 6h}
                """);
        Attributes alice = Attributes.of("user", "alice");
        String batch = allowed(decider, alice).reservation();
        clock.advanceSeconds(5 * 3_600);
        assertTrue(decider.renew("llm", batch).toCompletableFuture().join());
        clock.advanceSeconds(5 * 3_600);
        refused(decider, alice);
        settle(decider, Settlement.keep(batch));
        allowed(decider, alice);
    }

    @Test
    void whatIsChargedAfterwardsHoldsNothingAndNeedsRoom() throws Exception {
        Decider decider = decider("""
                domain: llm
                limits:
                  - {name: user-tokens, tier: user, per: [user], allow: 100 tokens / 1m, charge: after}
                """);
        Attributes alice = Attributes.of("user", "alice", "max_tokens", "5000");
        Decision.Allowed first = allowed(decider, alice);
        assertEquals(0, used(first));
        settle(decider, Settlement.used(first.reservation(), 300));
        assertEquals(RefusalReason.OVER_LIMIT, refused(decider, alice).reason());
        refused(decider, Attributes.of("user", "alice", "max_tokens", "unreadable"));
    }

    @Test
    void missingAttributesAreNoFreePass() throws Exception {
        Decider decider = decider("""
                domain: llm
                limits:
                  - {name: user, tier: user, per: [user], allow: 10 requests / 1m}
                  - {name: prod, tier: global, per: [], when: {environment: prod}, allow: 10 requests / 1m}
                """);
        Decision.Refused refused = refused(decider, Attributes.of("path", "/"));
        assertEquals(RefusalReason.MISSING_ATTRIBUTES, refused.reason());
        assertTrue(refused.sentence().contains("environment, user"), refused.sentence());
        assertEquals(
                RefusalReason.MISSING_ATTRIBUTES,
                refused(decider, Attributes.NONE).reason());
        assertEquals(
                RefusalReason.MISSING_ATTRIBUTES,
                refused(decider, Attributes.of("environment", "dev")).reason());
        allowed(decider, Attributes.of("environment", "prod"));
    }

    @Test
    void aRequestThatEveryLimitRulesOutIsAllowed() throws Exception {
        Decider decider = decider("""
                domain: llm
                limits:
                  - {name: prod, tier: user, per: [user], when: {environment: prod}, allow: 10 requests / 1m}
                """);
        assertEquals(List.of(), names(allowed(decider, Attributes.of("environment", "dev"))));
    }

    @Test
    void anEmptyDescriptorMeetsTheLimitsThatAreForEverybody() throws Exception {
        Decider decider = decider("""
                domain: llm
                limits:
                  - {name: all, tier: global, per: [], allow: 1 requests / 1m}
                """);
        allowed(decider, Attributes.NONE);
        assertEquals("all", refused(decider, Attributes.NONE).by().limit().name());
    }

    @Test
    void anUnknownDomainIsInvalid() throws Exception {
        Decider decider = decider(tokens(1_000));
        Request elsewhere = new Request("lmm", null, List.of(new Descriptor(Attributes.NONE, 1)), List.of());
        Decision.Invalid unknown = assertInstanceOf(Decision.Invalid.class, join(decider, elsewhere));
        assertTrue(unknown.problem().contains("`lmm`") && unknown.problem().contains("llm"), unknown.problem());
    }

    @Test
    void aFullStoreRefusesAndSaysSo() throws Exception {
        Decider decider =
                new Decider(PolicyReader.read(write(tokens(1_000))), new MemoryBuckets(2, clock), Duration.ofHours(1));
        allowed(decider, Attributes.of("user", "a"));
        assertEquals(
                RefusalReason.STORE_FULL,
                refused(decider, Attributes.of("user", "b")).reason());
    }

    @Test
    void anOverloadedStoreIsAnsweredAsTheDomainSays() throws Exception {
        assertInstanceOf(OverloadedException.class, failure(overloaded("", Shed.TOO_LONG)));
        assertInstanceOf(OverloadedException.class, failure(overloaded("overload: error", Shed.WAITED)));

        Decision.Refused refused = refused(overloaded("overload: refuse", Shed.WAITED), Attributes.of("user", "a"));
        assertEquals(RefusalReason.OVERLOADED, refused.reason());
        assertEquals(1_000_000, refused.retryMicros());
        assertEquals("The rate limit service has more to do than it can. Try again in 1 s.", refused.sentence());

        Decision.Allowed allowed = allowed(overloaded("overload: allow", Shed.FULL), Attributes.of("user", "a"));
        assertEquals(List.of(), allowed.standings());
        assertNull(allowed.reservation());
    }

    @Test
    void aCallerThatHasGoneIsNeitherRefusedNorLetThrough() throws Exception {
        assertInstanceOf(OverloadedException.class, failure(overloaded("overload: refuse", Shed.GONE)));
        assertInstanceOf(OverloadedException.class, failure(overloaded("overload: allow", Shed.GONE)));
    }

    @Test
    void aStoreThatFailsOtherwiseIsAFailureWhateverTheDomainSays() throws Exception {
        IllegalStateException gone = new IllegalStateException("gone");
        assertSame(gone, failure(failing("overload: allow", gone)));
    }

    @Test
    void theStoreLearnsHowLongTheCallerWaits() throws Exception {
        CapturingBuckets buckets = new CapturingBuckets();
        Patience patience = now -> 5;
        for (String policy : List.of(
                tokens(1_000),
                "domain: llm\ndescriptors:\n  - {key: user, rate_limit: {unit: minute, requests_per_unit: 1}}\n")) {
            Decider decider = new Decider(PolicyReader.read(write(policy)), buckets, Duration.ofHours(1));
            decider.decide(request(Attributes.of("user", "a")), patience);
            assertSame(patience, buckets.asked.patience());
        }
    }

    private Decider overloaded(String settings, Shed shed) throws Exception {
        return failing(settings, new OverloadedException(shed));
    }

    private Decider failing(String settings, Throwable failure) throws Exception {
        CapturingBuckets buckets = new CapturingBuckets();
        // As a store hands it on that did something with the answer before.
        buckets.answer = CompletableFuture.<Outcome>failedFuture(failure).thenApply(answer -> answer);
        return new Decider(PolicyReader.read(write(tokens(1_000) + settings + "\n")), buckets, Duration.ofHours(1));
    }

    private static Throwable failure(Decider decider) {
        CompletionException failed = assertThrows(
                CompletionException.class,
                () -> decider.decide(request(Attributes.of("user", "a")))
                        .toCompletableFuture()
                        .join());
        return failed.getCause();
    }

    private static Request request(Attributes attributes) {
        return new Request("llm", null, List.of(new Descriptor(attributes, 1)), List.of());
    }

    private static final class CapturingBuckets implements Buckets {
        private Admission asked;
        private CompletionStage<Outcome> answer = new CompletableFuture<>();

        @Override
        public CompletionStage<Outcome> admit(Admission admission) {
            asked = admission;
            return answer;
        }

        @Override
        public CompletionStage<Settled> settle(String reservation, Usage usage) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Boolean> renew(String reservation, long micros) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Boolean> vacate(String reservation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Integer> vacateAll(String bucket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    @Test
    void valuesThatDifferInASingleByteHaveBucketsOfTheirOwn() throws Exception {
        Decider decider = decider("""
                domain: llm
                limits:
                  - {name: user, tier: user, per: [user, team], allow: 1 requests / 1m}
                """);
        List<String> values = List.of("a", "a:", ":a", "%3a", "", "\udcff", "\udcfe", "ÿ", "%ff", "a b", "a\nb");
        for (String user : values) {
            for (String team : values) {
                allowed(decider, Attributes.of("user", user, "team", team));
            }
        }
        refused(decider, Attributes.of("user", "\udcff", "team", "a"));
    }

    private Decider decider(String policy) throws Exception {
        return new Decider(PolicyReader.read(write(policy)), new MemoryBuckets(10_000, clock), Duration.ofHours(1));
    }

    private Path write(String policy) throws Exception {
        return Files.writeString(folder.resolve("policy.yaml"), policy);
    }

    private static String tokens(int limit) {
        return """
                domain: llm
                limits:
                  - {name: user-tokens, tier: user, per: [user], allow: %d tokens / 1m, estimate: 100}
                """.formatted(limit);
    }

    private static Decision decide(Decider decider, Descriptor... descriptors) {
        return join(decider, new Request("llm", "id", List.of(descriptors), List.of()));
    }

    private static Decision join(Decider decider, Request request) {
        return decider.decide(request).toCompletableFuture().join();
    }

    private static Decision.Allowed allowed(Decider decider, Attributes attributes) {
        return assertInstanceOf(Decision.Allowed.class, decide(decider, new Descriptor(attributes, 1)));
    }

    private static Decision.Refused refused(Decider decider, Attributes attributes) {
        return assertInstanceOf(Decision.Refused.class, decide(decider, new Descriptor(attributes, 1)));
    }

    private static Settled settle(Decider decider, Settlement settlement) {
        return decider.settle("llm", settlement).toCompletableFuture().join();
    }

    private static long used(Decision decision) {
        return assertInstanceOf(Decision.Allowed.class, decision)
                .standings()
                .get(0)
                .level()
                .used();
    }

    private static List<String> names(Decision decision) {
        return decision.standings().stream()
                .map(standing -> standing.limit().name())
                .toList();
    }
}
