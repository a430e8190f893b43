package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.ChargeRule;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.OverloadedException;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import dev.weir.testing.Await;
import dev.weir.testing.RealRedis;
import dev.weir.testing.Relay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Invariant 8: a real Redis that is asked for four times as much as it can do. {@link OverloadTest} has the exact figures; here a busy
 * machine may cost some.
 */
@Timeout(60)
class OverloadIT {
    private static final int PER_SECOND = 200;
    private static final int BYTES_OF_AN_ANSWER = 32;
    private static final int SECONDS = 4;
    private static final long DEADLINE = 1_000_000_000;
    private static final long MINUTE = 60_000_000;
    private static final Algorithm REQUESTS = new Algorithm.SlidingWindow(1_000_000, MINUTE);

    private final AtomicInteger admitted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private RealRedis redis;
    private Relay relay;
    private Buckets direct;
    private Buckets buckets;

    @BeforeEach
    void start() throws Exception {
        redis = RealRedis.start();
        relay = Relay.before(Integer.parseInt(redis.url().substring(redis.url().lastIndexOf(':') + 1)));
        direct = RedisBuckets.connect(redis.url(), Duration.ofSeconds(10));
        buckets = RedisBuckets.connect("redis://127.0.0.1:" + relay.port(), Duration.ofMillis(200));
        relay.slow(PER_SECOND * BYTES_OF_AN_ANSWER);
    }

    @AfterEach
    void stop() throws Exception {
        buckets.close();
        direct.close();
        relay.close();
        redis.close();
    }

    @Test
    void itDoesWhatItCanAndChargesForThoseWhoHearOfIt() {
        send(PER_SECOND / 2, 1);
        int before = admitted.get();
        send(4 * PER_SECOND, SECONDS);
        int inTime = admitted.get() - before;
        assertTrue(inTime >= 0.75 * PER_SECOND * SECONDS, inTime + " admitted of what Redis could do");
        assertTrue(refused.get() >= 2 * PER_SECOND * SECONDS, refused + " told at once");
        long charged = used();
        assertTrue(charged - admitted.get() <= 0.05 * charged, charged + " charged, " + admitted + " admitted");
        assertEquals(charged - admitted.get(), failed.get(), "sent, and not answered in time");
    }

    @Test
    void whatMakesRoomIsDoneNevertheless() {
        List<String> reservations = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String reservation = "w1:{overload}/reservation:" + i;
            Charge tokens = new Charge("w1:{overload}:tokens:", REQUESTS, 10, EndAction.SETTLE);
            assertInstanceOf(
                    Outcome.Admitted.class,
                    direct.admit(new Admission(List.of(tokens), reservation, MINUTE))
                            .toCompletableFuture()
                            .join());
            reservations.add(reservation);
        }
        send(PER_SECOND / 2, 1);
        List<CompletableFuture<Settled>> settlements = new ArrayList<>();
        Iterator<String> left = reservations.iterator();
        send(4 * PER_SECOND, 2, number -> {
            if (number % 20 == 0 && left.hasNext()) {
                settlements.add(buckets.settle(left.next(), Usage.of(1)).toCompletableFuture());
            }
        });
        assertFalse(left.hasNext());
        CompletableFuture<?> givenBack = buckets.admit(new Admission(
                        List.of(new Charge("w1:{overload}:all:", REQUESTS, -1, EndAction.KEEP)),
                        ChargeRule.ALL_OR_NONE,
                        null,
                        0,
                        // Nobody waits for it, and it is done all the same.
                        nanoTime -> 0))
                .toCompletableFuture();
        for (CompletableFuture<Settled> settlement : settlements) {
            assertEquals(new Settled(Settled.Kind.SETTLED, 10, 1), settlement.join());
        }
        givenBack.join();
        assertTrue(refused.get() > 2 * PER_SECOND, refused + " others are told at once");
    }

    /** Calls come at an even pace, and all have ended when it returns. */
    private void send(int perSecond, double seconds) {
        send(perSecond, seconds, number -> {});
    }

    /** @param beside is done with each call, and given its number */
    private void send(int perSecond, double seconds, IntConsumer beside) {
        List<CompletableFuture<?>> calls = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < perSecond * seconds; i++) {
            long due = start + (long) (i * 1e9 / perSecond);
            while (due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            calls.add(call());
            beside.accept(i);
        }
        Await.until("the end of all calls", () -> calls.stream().allMatch(CompletableFuture::isDone));
    }

    private CompletableFuture<?> call() {
        long end = System.nanoTime() + DEADLINE;
        Charge charge = new Charge("w1:{overload}:all:", REQUESTS, 1, EndAction.KEEP);
        return buckets.admit(
                        new Admission(List.of(charge), ChargeRule.ALL_OR_NONE, null, 0, nanoTime -> end - nanoTime))
                .handle((outcome, failure) -> {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    boolean late = end - System.nanoTime() < 0;
                    return (cause == null && !late ? admitted : cause instanceof OverloadedException ? refused : failed)
                            .incrementAndGet();
                })
                .toCompletableFuture();
    }

    private long used() {
        Charge question = new Charge("w1:{overload}:all:", REQUESTS, 0, EndAction.KEEP);
        Outcome.Admitted answer = assertInstanceOf(
                Outcome.Admitted.class,
                direct.admit(new Admission(List.of(question), null, 0))
                        .toCompletableFuture()
                        .join());
        return answer.levels().get(0).used();
    }
}
