package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.ChargeRule;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Patience;
import dev.weir.bucket.Periods;
import dev.weir.bucket.Presence;
import dev.weir.bucket.Settled;
import dev.weir.bucket.StoreUnreachableException;
import dev.weir.bucket.Usage;
import dev.weir.bucket.Vectors;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.testing.Await;
import dev.weir.testing.RealRedis;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R3.7, R6.1, invariants 1, 2, 5 and 6 with a real Redis. */
class RedisBucketsIT {
    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final long MINUTE = 60_000_000;
    private static final List<Algorithm> ALGORITHMS = List.of(
            new Algorithm.SlidingWindow(40, 7_777_777),
            new Algorithm.FixedWindow(60, new Periods.Every(MINUTE)),
            Algorithm.TokenBucket.of(77, 53_000_000, 90),
            new Algorithm.SlidingWindow(100, MINUTE),
            new Algorithm.FixedWindow(5_000, new Periods.Calendar(ChronoUnit.DAYS, ZoneId.of("Europe/Berlin"))),
            new Algorithm.Parallel(25, 200_000_000));
    private static RealRedis redis;
    private static RedisClient client;
    private static RedisCommands<String, String> commands;

    private final ManualClock clock = new ManualClock();
    private Buckets byTestsClock;
    private Buckets one;
    private Buckets other;

    @BeforeAll
    static void startRedis() {
        redis = RealRedis.start();
        client = RedisClient.create(redis.url());
        commands = client.connect().sync();
    }

    @AfterAll
    static void stopRedis() {
        client.shutdown();
        redis.close();
    }

    @BeforeEach
    void connect() {
        commands.flushall();
        byTestsClock = RedisBuckets.connect(redis.url(), PATIENT, () -> Long.toString(clock.getAsLong()));
        one = RedisBuckets.connect(redis.url(), PATIENT);
        other = RedisBuckets.connect(redis.url(), PATIENT);
    }

    @AfterEach
    void disconnect() {
        byTestsClock.close();
        one.close();
        other.close();
    }

    @ParameterizedTest
    @MethodSource("dev.weir.bucket.Vectors#all")
    void theVectorsHold(Vectors.Case vector) {
        Vectors.run(vector, byTestsClock, clock);
    }

    /** As limits that descriptors bring along may. */
    @Test
    void limitsThatShareABucketInOneRequestAreAllCharged() {
        List<Charge> charges = List.of(charge("w1:{t}:shared", 3, 2, false), charge("w1:{t}:shared", 10, 1, false));
        try (Buckets buckets = RedisBuckets.connect(redis.url(), PATIENT)) {
            Outcome outcome = join(buckets.admit(new Admission(charges, ChargeRule.EACH, null, 0, Patience.ENDLESS)));
            assertEquals(
                    List.of(2L, 3L),
                    assertInstanceOf(Outcome.Admitted.class, outcome).levels().stream()
                            .map(BucketStatus::used)
                            .toList());
        }
    }

    @Test
    void memoryAndRedisAgreeOnEveryAnswerOfALongRandomRun() {
        Random random = new Random(42);
        MemoryBuckets memory = new MemoryBuckets(1_000_000, clock);
        List<String> reservations = new ArrayList<>();
        int admitted = 0;
        for (int i = 0; i < 3_000; i++) {
            clock.advanceSeconds(random.nextInt(20) == 0 ? random.nextInt(40) : random.nextDouble());
            if (random.nextInt(3) == 0 && !reservations.isEmpty()) {
                String name = reservations.remove(random.nextInt(reservations.size()));
                Usage tokens = random.nextBoolean() ? Usage.of(random.nextInt(60)) : Usage.UNKNOWN;
                assertEquals(join(memory.settle(name, tokens)), join(byTestsClock.settle(name, tokens)), "step " + i);
                continue;
            }
            String reservation = random.nextBoolean() ? null : "w1:{run}/reservation:" + i;
            List<Charge> charges = new ArrayList<>();
            for (int bucket = random.nextInt(3); bucket < ALGORITHMS.size(); bucket++) {
                boolean slot = ALGORITHMS.get(bucket) instanceof Algorithm.Parallel;
                long amount = slot ? (reservation == null ? 0 : 1) : random.nextInt(bucket == 3 ? 90 : 12);
                EndAction estimate = reservation != null && bucket > 1 ? EndAction.SETTLE : EndAction.KEEP;
                charges.add(new Charge(
                        "w1:{run}:" + bucket, ALGORITHMS.get(bucket), amount, slot ? EndAction.RELEASE : estimate));
            }
            Admission admission = new Admission(charges, reservation, 20 * 60 * MINUTE);
            Outcome outcome = join(memory.admit(admission));
            assertEquals(outcome, join(byTestsClock.admit(admission)), "step " + i);
            if (outcome instanceof Outcome.Admitted) {
                admitted++;
                if (reservation != null) {
                    reservations.add(reservation);
                }
            }
        }
        assertTrue(admitted > 300 && admitted < 1_900, "a dull run: admitted " + admitted);
    }

    @Test
    void replicasOnOneRedisShareALimitExactly() {
        List<CompletionStage<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            outcomes.add((i % 2 == 0 ? one : other).admit(requests("w1:{t}:user", 20)));
        }
        long admitted = outcomes.stream()
                .map(RedisBucketsIT::join)
                .filter(outcome -> outcome instanceof Outcome.Admitted)
                .count();
        assertEquals(20, admitted);
    }

    @Test
    void whatOneReplicaAdmittedAnotherSettles() {
        Charge tokens = charge("w1:{t}:tokens", 100, 90, true);
        join(one.admit(new Admission(List.of(tokens), "w1:{t}/reservation:a", MINUTE)));
        assertEquals(
                new Settled(Settled.Kind.SETTLED, 90, 10), join(other.settle("w1:{t}/reservation:a", Usage.of(10))));
        assertEquals(Settled.UNKNOWN, join(one.settle("w1:{t}/reservation:a", Usage.of(10))));
        Charge rest = charge("w1:{t}:tokens", 100, 90, false);
        assertInstanceOf(Outcome.Admitted.class, join(one.admit(new Admission(List.of(rest), null, 0))));
    }

    @Test
    void ofManySettlementsOfOneReservationInOneCallOneCounts() {
        Charge tokens = charge("w1:{t}:tokens", 100, 90, true);
        join(one.admit(new Admission(List.of(tokens), "w1:{t}/reservation:a", MINUTE)));
        List<CompletionStage<Settled>> settled = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            settled.add(one.settle("w1:{t}/reservation:a", Usage.of(10)));
        }
        List<Settled> known = settled.stream()
                .map(RedisBucketsIT::join)
                .filter(answer -> answer.kind() != Settled.Kind.UNKNOWN)
                .toList();
        assertEquals(List.of(new Settled(Settled.Kind.SETTLED, 90, 10)), known);
        assertInstanceOf(Outcome.Admitted.class, join(one.admit(new Admission(List.of(tokens), null, 0))));
    }

    @Test
    void everyKeyExpires() {
        Charge tokens = charge("w1:{t}:tokens", 100, 90, true);
        Charge requests = charge("w1:{t}:requests", 100, 1, false);
        join(one.admit(new Admission(List.of(tokens, requests), "w1:{t}/reservation:a", MINUTE)));
        join(one.admit(new Admission(List.of(tokens), "w1:{t}/reservation:b", MINUTE)));
        join(one.settle("w1:{t}/reservation:a", Usage.of(170)));
        List<String> keys = commands.keys("*");
        assertFalse(keys.isEmpty());
        for (String key : keys) {
            long left = commands.pttl(key);
            // The next window pays what this one owes.
            assertTrue(left > 0 && left <= 2 * 61_000 + 1, key + " expires in " + left);
        }
    }

    @Test
    void aUserAPasswordAndADatabaseComeWithTheUrl() {
        commands.aclSetuser(
                "weir",
                AclSetuserArgs.Builder.on()
                        .addPassword("s3cret")
                        .keyPattern("w1:*")
                        .allCommands());
        String url = redis.url().replace("redis://", "redis://weir:s3cret@") + "/3";
        try (Buckets buckets = RedisBuckets.connect(url, PATIENT)) {
            assertInstanceOf(Outcome.Admitted.class, join(buckets.admit(requests("w1:{t}:user", 20))));
        }
        commands.select(3);
        assertEquals(List.of("w1:{t}:user"), commands.keys("*"));
        commands.select(0);
        StoreUnreachableException e = assertThrows(
                StoreUnreachableException.class, () -> RedisBuckets.connect(url.replace("s3cret", "wr0ng"), PATIENT));
        assertFalse(e.toString().contains("wr0ng"), e.toString());
    }

    @Test
    void aSlotWithALongLeaseOutlivesOneThatIsTakenLaterWithAShortLease() {
        Charge longer = new Charge("w1:{t}:parallel", new Algorithm.Parallel(5, 60 * MINUTE), 1, EndAction.RELEASE);
        Charge shorter = new Charge("w1:{t}:parallel", new Algorithm.Parallel(5, MINUTE), 1, EndAction.RELEASE);
        join(one.admit(new Admission(List.of(longer), "w1:{t}/reservation:a", 60 * MINUTE)));
        Outcome second = join(one.admit(new Admission(List.of(shorter), "w1:{t}/reservation:b", 60 * MINUTE)));
        assertTrue(commands.pttl("w1:{t}:parallel") > 3_500_000, "until the first slot expires");
        BucketStatus level =
                assertInstanceOf(Outcome.Admitted.class, second).levels().get(0);
        assertTrue(level.resetMicros() > 3_500_000_000L, level::toString);
    }

    @Test
    void anEnvoyIsElsewhereWhileAnotherReplicaSaysThatItIsThere() {
        Presence here = ((RedisBuckets) one).presence();
        Presence there = ((RedisBuckets) other).presence();
        here.here(List.of("10.0.0.1"));
        there.here(List.of("10.0.0.2", "::1"));
        Await.until("what the other says", () -> join(here.elsewhere("::1")) && join(there.elsewhere("10.0.0.1")));
        assertFalse(join(here.elsewhere("10.0.0.1")), "only here");
        assertFalse(join(here.elsewhere("10.0.0")));
        long lasts = commands.pttl("w1:{envoys}");
        assertTrue(lasts > 0 && lasts <= 2_500, lasts + " ms");
        Await.until("the end of that", () -> !join(here.elsewhere("::1")));
    }

    @Test
    void aPrefixBeginsEveryKeyAndWhatIsHeldUnderItIsSettledAndFreed() {
        commands.aclSetuser(
                "prefixed",
                AclSetuserArgs.Builder.on()
                        .addPassword("s3cret")
                        .keyPattern("kt:rl:prod:w1:*")
                        .allCommands());
        String url = redis.url().replace("redis://", "redis://prefixed:s3cret@");
        List<Charge> charges = List.of(
                charge("w1:{t}:tokens", 100, 60, true),
                new Charge("w1:{t}:parallel", new Algorithm.Parallel(1, MINUTE), 1, EndAction.RELEASE));
        try (Buckets buckets = RedisBuckets.connect(url, PATIENT, List.of(), "kt:rl:prod:")) {
            String held = "w1:{t}/reservation:a";
            assertInstanceOf(Outcome.Admitted.class, join(buckets.admit(new Admission(charges, held, MINUTE))));
            assertEquals(
                    List.of(
                            "kt:rl:prod:w1:{t}/reservation:a",
                            "kt:rl:prod:w1:{t}:parallel",
                            "kt:rl:prod:w1:{t}:tokens"),
                    commands.keys("*").stream().sorted().toList());
            assertTrue(join(buckets.renew(held, MINUTE)));
            assertEquals(new Settled(Settled.Kind.SETTLED, 60, 10), join(buckets.settle(held, Usage.of(10))));

            Admission next = new Admission(charges, "w1:{t}/reservation:b", MINUTE);
            assertEquals(
                    List.of(70L, 1L),
                    assertInstanceOf(Outcome.Admitted.class, join(buckets.admit(next))).levels().stream()
                            .map(BucketStatus::used)
                            .toList());
            commands.scriptFlush();
            assertInstanceOf(Outcome.Refused.class, join(buckets.admit(next)));
            commands.set("kt:rl:prod:w1:{t}:foreign", "junk");
            CompletionException e =
                    assertThrows(CompletionException.class, () -> join(buckets.admit(requests("w1:{t}:foreign", 20))));
            assertTrue(e.getMessage().contains("keeps as kt:rl:prod:w1:{t}:foreign is not a bucket"), e::toString);
        }
        Admission without = new Admission(charges.subList(0, 1), null, 0);
        Outcome.Admitted elsewhere = assertInstanceOf(Outcome.Admitted.class, join(one.admit(without)));
        assertEquals(60, elsewhere.levels().get(0).used(), "without the prefix it is another bucket");
    }

    @Test
    void aForgottenScriptIsSentAgain() {
        join(one.admit(requests("w1:{t}:user", 20)));
        commands.scriptFlush();
        Outcome.Admitted second =
                assertInstanceOf(Outcome.Admitted.class, join(one.admit(requests("w1:{t}:user", 20))));
        assertEquals(2, second.levels().get(0).used());
    }

    @Test
    void aFullRedisRefusesAdmissionsAndStillTakesSettlements() {
        Charge tokens = charge("w1:{t}:tokens", 100, 90, true);
        join(one.admit(new Admission(List.of(tokens), "w1:{t}/reservation:a", MINUTE)));
        String before = commands.configGet("maxmemory").get("maxmemory");
        commands.configSet("maxmemory", "1");
        try {
            assertThrows(CompletionException.class, () -> join(one.admit(requests("w1:{t}:user", 20))));
            assertEquals(
                    new Settled(Settled.Kind.SETTLED, 90, 10), join(one.settle("w1:{t}/reservation:a", Usage.of(10))));
        } finally {
            commands.configSet("maxmemory", before);
        }
        Charge rest = charge("w1:{t}:tokens", 100, 90, false);
        assertInstanceOf(Outcome.Admitted.class, join(one.admit(new Admission(List.of(rest), null, 0))));
    }

    @Test
    void whileRedisIsAwayCallsFailAndSoonAfterItIsBackTheySucceed() throws Exception {
        RealRedis mortal = RealRedis.start();
        try (Buckets buckets = RedisBuckets.connect(mortal.url(), Duration.ofSeconds(2))) {
            join(buckets.admit(requests("w1:{t}:user", 20)));
            mortal.close();
            assertThrows(CompletionException.class, () -> join(buckets.admit(requests("w1:{t}:user", 20))));
            mortal.restart();
            assertEquals(1, firstAnswer(buckets).levels().get(0).used(), "what failed is not sent afterwards");
        } finally {
            mortal.close();
        }
    }

    /** Tries for ten seconds. */
    private static Outcome.Admitted firstAnswer(Buckets buckets) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (true) {
            try {
                return assertInstanceOf(Outcome.Admitted.class, join(buckets.admit(requests("w1:{t}:user", 20))));
            } catch (CompletionException e) {
                assertTrue(System.nanoTime() < deadline, e::toString);
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    private static Admission requests(String bucket, long limit) {
        return new Admission(List.of(charge(bucket, limit, 1, false)), null, 0);
    }

    private static Charge charge(String bucket, long limit, long amount, boolean estimated) {
        return new Charge(
                bucket,
                new Algorithm.SlidingWindow(limit, MINUTE),
                amount,
                estimated ? EndAction.SETTLE : EndAction.KEEP);
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
