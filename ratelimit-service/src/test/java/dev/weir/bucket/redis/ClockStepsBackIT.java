package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Periods;
import dev.weir.bucket.Usage;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.testing.RealRedis;
import java.time.Duration;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invariant 6 where a clock steps back: a bucket's time stands still until the clock has caught up. So nothing is admitted above the
 * limit meanwhile, and a bucket that is used up stays so for the step and its window at most.
 */
class ClockStepsBackIT {
    private static final long LIMIT = 10;
    private static final long MINUTE = 60_000_000;
    private static final long DAY = 24 * 60 * MINUTE;

    private static RealRedis redis;

    private final ManualClock clock = new ManualClock();
    private int reservations;

    @BeforeAll
    static void startRedis() {
        redis = RealRedis.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    /** Algorithms with the time after which all that was charged is free again. */
    static Stream<Arguments> storesAlgorithmsAndSteps() {
        return Stream.of("memory", "redis")
                .flatMap(store -> Stream.of(
                                Arguments.of(new Algorithm.SlidingWindow(LIMIT, MINUTE), MINUTE),
                                Arguments.of(Algorithm.TokenBucket.of(LIMIT, MINUTE, LIMIT), MINUTE),
                                Arguments.of(new Algorithm.FixedWindow(LIMIT, new Periods.Every(MINUTE)), MINUTE),
                                Arguments.of(
                                        new Algorithm.FixedWindow(
                                                LIMIT,
                                                new Periods.Calendar(ChronoUnit.DAYS, ZoneId.of("Europe/Berlin"))),
                                        DAY),
                                Arguments.of(new Algorithm.Parallel(LIMIT, MINUTE), MINUTE))
                        .flatMap(algorithm -> Stream.of(1L, 10 * MINUTE, 3 * DAY)
                                .map(step -> Arguments.of(
                                        store, algorithm.get()[0], algorithm.get()[1], step))));
    }

    @ParameterizedTest
    @MethodSource("storesAlgorithmsAndSteps")
    void nothingIsAdmittedAboveTheLimitAndAllIsFreeWhenTheClockHasCaughtUp(
            String store, Algorithm algorithm, long window, long step) {
        try (Buckets buckets = open(store)) {
            assertEquals(6, admitted(buckets, algorithm, 6));
            clock.set(ManualClock.START - step);
            assertEquals(4, admitted(buckets, algorithm, 6));
            BucketStatus closed = assertInstanceOf(Outcome.Refused.class, ask(buckets, algorithm, 1))
                    .levels()
                    .get(0);
            assertTrue(closed.retryMicros() > 0 && closed.retryMicros() <= window + step, closed::toString);
            clock.set(ManualClock.START - 1);
            // Slots in Redis end by the clock as it runs, so those that were taken after the step may be over.
            assertTrue(algorithm instanceof Algorithm.Parallel || admitted(buckets, algorithm, 3) == 0);
            clock.set(ManualClock.START + window);
            assertEquals(10, admitted(buckets, algorithm, 20));
        }
    }

    @ParameterizedTest
    @MethodSource("storesAlgorithmsAndSteps")
    void aSettlementAfterTheStepGivesBackWhatWasHeldAndNoMore(
            String store, Algorithm algorithm, long window, long step) {
        boolean slots = algorithm instanceof Algorithm.Parallel;
        try (Buckets buckets = open(store)) {
            String reservation = "w1:{t}/reservation:held-by-" + store + algorithm.id() + step;
            Charge held = charge(algorithm, slots ? 1 : 7, slots ? EndAction.RELEASE : EndAction.SETTLE);
            join(buckets.admit(new Admission(List.of(held), reservation, 60 * MINUTE)));
            long others = admitted(buckets, algorithm, 3);
            clock.set(ManualClock.START - step);
            join(buckets.settle(reservation, Usage.of(0)));
            assertEquals(others, used(buckets, algorithm));
            assertEquals(LIMIT - others, admitted(buckets, algorithm, 20));
        }
    }

    private Buckets open(String store) {
        if (store.equals("memory")) {
            return new MemoryBuckets(1_000, clock);
        }
        redis.flush();
        return RedisBuckets.connect(redis.url(), Duration.ofSeconds(10), () -> Long.toString(clock.getAsLong()));
    }

    private long admitted(Buckets buckets, Algorithm algorithm, int times) {
        long admitted = 0;
        for (int i = 0; i < times; i++) {
            admitted += ask(buckets, algorithm, 1) instanceof Outcome.Admitted ? 1 : 0;
        }
        return admitted;
    }

    private long used(Buckets buckets, Algorithm algorithm) {
        Outcome.Admitted asked = assertInstanceOf(Outcome.Admitted.class, ask(buckets, algorithm, 0));
        return asked.levels().get(0).used();
    }

    private Outcome ask(Buckets buckets, Algorithm algorithm, long amount) {
        boolean slot = algorithm instanceof Algorithm.Parallel && amount > 0;
        Charge charge = charge(algorithm, amount, slot ? EndAction.RELEASE : EndAction.KEEP);
        String reservation = slot ? "w1:{t}/reservation:" + reservations++ : null;
        return join(buckets.admit(new Admission(List.of(charge), reservation, 60 * MINUTE)));
    }

    private static Charge charge(Algorithm algorithm, long amount, EndAction atEnd) {
        return new Charge("w1:{t}:bucket", algorithm, amount, atEnd);
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
