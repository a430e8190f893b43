package dev.weir.bucket.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import dev.weir.bucket.Vectors;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R6.1, invariants 1, 2 and 5 for a single replica. */
class MemoryBucketsTest {
    private static final long MINUTE = 60_000_000;

    private final ManualClock clock = new ManualClock();
    private final MemoryBuckets buckets = new MemoryBuckets(1_000, clock);

    @ParameterizedTest
    @MethodSource("dev.weir.bucket.Vectors#all")
    void theVectorsHold(Vectors.Case vector) {
        Vectors.run(vector, buckets, clock);
    }

    @Test
    void aRefusedRequestChargesNoBucketNotEvenThoseWithRoom() {
        admit(charge("user", 1));
        Outcome.Refused refused = assertInstanceOf(
                Outcome.Refused.class, admit(charge("team", 10), charge("user", 1), charge("key", 10)));
        assertEquals(0, refused.levels().get(0).used());
        assertTrue(refused.levels().get(1).refuses());
        assertEquals(1, used("team"));
        assertEquals(1, used("key"));
    }

    @Test
    void sixtyFourThreadsGetExactlyTheLimitOfEveryBucketTheyShare() throws Exception {
        AtomicInteger admitted = new AtomicInteger();
        List<Callable<Void>> callers = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            int caller = i;
            callers.add(() -> {
                for (int j = 0; j < 200; j++) {
                    // Each in an order of its own: locks taken in the order of the charges would wait in a circle.
                    Charge shared = charge("shared", 500);
                    Charge own = charge("own-" + caller % 8, 100);
                    Outcome outcome = caller % 2 == 0 ? admit(shared, own) : admit(own, shared);
                    admitted.addAndGet(outcome instanceof Outcome.Admitted ? 1 : 0);
                }
                return null;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(64);
        for (Future<Void> done : threads.invokeAll(callers)) {
            done.get();
        }
        threads.shutdown();
        assertEquals(500, admitted.get());
    }

    @Test
    void aReservationIsSettledByOneOfManyWhoTry() throws Exception {
        admitWithReservation("r", charge("user", 100, 50, true));
        List<Callable<Settled>> settlers = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            settlers.add(() -> settle("r", Usage.of(10)));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        int settled = 0;
        for (Future<Settled> done : threads.invokeAll(settlers)) {
            settled += done.get().kind() == Settled.Kind.SETTLED ? 1 : 0;
        }
        threads.shutdown();
        assertEquals(1, settled);
        assertEquals(11, used("user"));
    }

    @Test
    void aReservationWhoseTimeIsUpKeepsItsEstimate() {
        admitWithReservation("r", charge("user", 100, 50, true));
        clock.advanceSeconds(30);
        assertEquals(Settled.UNKNOWN, settle("r", Usage.of(1)));
        assertEquals(51, used("user"));
    }

    @Test
    void reservationsWhoseTimeIsUpAreCountedOnceHoweverTheyAreFound() {
        admitWithReservation("settled-in-time", charge("user", 100, 1, true));
        settle("settled-in-time", Usage.of(1));
        admitWithReservation("settled-too-late", charge("user", 100, 1, true));
        admitWithReservation("renewed-too-late", charge("user", 100, 1, true));
        clock.advanceSeconds(30);
        assertEquals(0, buckets.expired());
        settle("settled-too-late", Usage.of(1));
        settle("settled-too-late", Usage.of(1));
        assertEquals(1, buckets.expired());
        buckets.renew("renewed-too-late", MINUTE);
        assertEquals(2, buckets.expired());

        MemoryBuckets small = new MemoryBuckets(2, clock);
        join(small, List.of(charge("alice", 100, 1, true)), "swept");
        clock.advanceSeconds(3_600);
        join(small, charge("bob", 1));
        assertEquals(1, small.expired());
    }

    @Test
    void aReservationSettlesAllItsBuckets() {
        admitWithReservation(
                "r", charge("user", 100, 50, true), charge("team", 100, 60, true), charge("key", 9, 1, false));
        assertEquals(new Settled(Settled.Kind.SETTLED, 60, 7), settle("r", Usage.of(7)));
        assertEquals(8, used("user"));
        assertEquals(8, used("team"));
        assertEquals(2, used("key"));
    }

    @Test
    void atTheBoundNewBucketsAreRefusedAndLiveOnesStay() {
        MemoryBuckets small = new MemoryBuckets(10, clock);
        for (int i = 0; i < 10; i++) {
            assertInstanceOf(Outcome.Admitted.class, join(small, charge("user-" + i, 2)));
        }
        assertInstanceOf(Outcome.Full.class, join(small, charge("one more", 2)));
        assertInstanceOf(Outcome.Admitted.class, join(small, charge("user-3", 2)));
        assertInstanceOf(Outcome.Refused.class, join(small, charge("user-3", 2)));
        assertEquals(10, small.size());
    }

    @Test
    void aReservationThatFindsNoRoomKeepsItsEstimateAndShutsNobodyOut() {
        MemoryBuckets small = new MemoryBuckets(3, clock);
        for (int i = 0; i < 10; i++) {
            Charge tokens = charge("alice", 100, 10, true);
            Outcome outcome = small.admit(new Admission(List.of(tokens), "r" + i, 60 * MINUTE))
                    .toCompletableFuture()
                    .join();
            assertInstanceOf(Outcome.Admitted.class, outcome);
        }
        assertInstanceOf(Outcome.Refused.class, join(small, charge("alice", 100)));
        Settled unknown = small.settle("r9", Usage.of(0)).toCompletableFuture().join();
        assertEquals(Settled.UNKNOWN, unknown);
    }

    @Test
    void whatIsChargedAfterwardsIsNotAdmittedWithoutAReservation() {
        MemoryBuckets small = new MemoryBuckets(2, clock);
        assertInstanceOf(Outcome.Admitted.class, join(small, charge("alice", 100), charge("bob", 100)));
        Charge after = charge("alice", 100, 0, true);
        assertInstanceOf(Outcome.Full.class, join(small, List.of(after), "r"));
    }

    @Test
    void aSlotWhoseReservationFindsNoRoomIsNotGiven() {
        MemoryBuckets small = new MemoryBuckets(3, clock);
        Charge slot = new Charge("parallel", new Algorithm.Parallel(10, 60 * MINUTE), 1, EndAction.RELEASE);
        for (int i = 0; i < 2; i++) {
            Outcome outcome = small.admit(new Admission(List.of(slot), "r" + i, 60 * MINUTE))
                    .toCompletableFuture()
                    .join();
            assertInstanceOf(Outcome.Admitted.class, outcome);
        }
        Outcome full = small.admit(new Admission(List.of(slot), "r2", 60 * MINUTE))
                .toCompletableFuture()
                .join();
        assertInstanceOf(Outcome.Full.class, full);
    }

    @Test
    void aSlotThatIsGivenComesBackWheneverOthersFillTheStore() {
        Charge slot = new Charge("parallel", new Algorithm.Parallel(10, 60 * MINUTE), 1, EndAction.RELEASE);
        int given = 0;
        boolean interrupted = true;
        for (int look = 1; interrupted; look++) {
            MemoryBuckets small = new MemoryBuckets(2, clock);
            InterruptedList charges =
                    new InterruptedList(slot, look, () -> join(small, charge("user", 2), charge("team", 2)));
            boolean admitted = join(small, charges, "r") instanceof Outcome.Admitted;
            Settled settled =
                    small.settle("r", Usage.UNKNOWN).toCompletableFuture().join();
            assertEquals(admitted ? Settled.Kind.KEPT : Settled.Kind.UNKNOWN, settled.kind(), "at look " + look);
            interrupted = charges.looks >= look;
            given += admitted && interrupted ? 1 : 0;
        }
        assertTrue(given > 0, "nobody came between the check for room and the reservation");
    }

    /** One charge; when the store looks at it for the nth time somebody else comes, in the midst of the admission. */
    private static final class InterruptedList extends AbstractList<Charge> {
        private final Charge charge;
        private final int interruptedAt;
        private final Runnable other;
        private int looks;

        InterruptedList(Charge charge, int interruptedAt, Runnable other) {
            this.charge = charge;
            this.interruptedAt = interruptedAt;
            this.other = other;
        }

        @Override
        public Charge get(int index) {
            if (++looks == interruptedAt) {
                other.run();
            }
            return charge;
        }

        @Override
        public int size() {
            return 1;
        }
    }

    @Test
    void whoOnlyAsksTakesNoRoom() {
        for (int i = 0; i < 2_000; i++) {
            assertInstanceOf(Outcome.Admitted.class, admit(charge("user-" + i, 5, 0, false)));
        }
        assertEquals(0, buckets.size());
    }

    @Test
    void whatNoLongerCountsMakesRoom() {
        MemoryBuckets small = new MemoryBuckets(10, clock);
        for (int i = 0; i < 10; i++) {
            join(small, charge("old-" + i, 2));
        }
        clock.advanceSeconds(60);
        for (int i = 0; i < 10; i++) {
            assertInstanceOf(Outcome.Admitted.class, join(small, charge("new-" + i, 2)));
        }
        assertEquals(10, small.size());
    }

    @Test
    void aGrowingStoreForgetsWhatNoLongerCounts() {
        MemoryBuckets large = new MemoryBuckets(1_000_000, clock);
        for (int i = 0; i < 100_000; i++) {
            clock.advanceSeconds(0.01);
            join(large, charge("user-" + i, 2));
        }
        assertTrue(large.size() < 20_000, "6,100 count, yet it holds " + large.size());
    }

    @Test
    void refusedRequestsLeaveNoBucketsBehind() {
        for (int i = 0; i < 100; i++) {
            assertInstanceOf(Outcome.Refused.class, admit(charge("user-" + i, 5), charge("closed", 0)));
        }
        assertEquals(0, buckets.size());
    }

    @Test
    void whatIsInShadowTakesNoRoomFromWhatIsNot() {
        MemoryBuckets small = new MemoryBuckets(10, clock);
        for (int i = 0; i < 100; i++) {
            Charge shadow = new Charge("shadow-" + i, charge("s", 2).algorithm(), 1, EndAction.KEEP, true);
            Charge slot = new Charge("slot-" + i, new Algorithm.Parallel(10, MINUTE), 1, EndAction.RELEASE, true);
            Outcome.Admitted admitted = assertInstanceOf(
                    Outcome.Admitted.class, join(small, List.of(charge("known", 1_000), shadow, slot), "r-" + i));
            assertFalse(admitted.levels().get(1).refuses());
            assertFalse(admitted.levels().get(2).refuses());
        }
        assertTrue(small.size() <= 10, "it holds " + small.size());
    }

    private Outcome admit(Charge... charges) {
        return join(buckets, charges);
    }

    private static Outcome join(MemoryBuckets store, Charge... charges) {
        return join(store, List.of(charges), null);
    }

    private static Outcome join(MemoryBuckets store, List<Charge> charges, @Nullable String reservation) {
        return store.admit(new Admission(charges, reservation, MINUTE))
                .toCompletableFuture()
                .join();
    }

    /** Kept for 30 seconds. */
    private void admitWithReservation(String name, Charge... charges) {
        Outcome outcome = buckets.admit(new Admission(List.of(charges), name, MINUTE / 2))
                .toCompletableFuture()
                .join();
        assertInstanceOf(Outcome.Admitted.class, outcome);
    }

    private Settled settle(String name, Usage tokens) {
        return buckets.settle(name, tokens).toCompletableFuture().join();
    }

    /** Asks by taking one more. */
    private long used(String bucket) {
        Outcome.Admitted admitted = assertInstanceOf(Outcome.Admitted.class, admit(charge(bucket, Integer.MAX_VALUE)));
        return admitted.levels().get(0).used();
    }

    private static Charge charge(String bucket, long limit) {
        return charge(bucket, limit, 1, false);
    }

    private static Charge charge(String bucket, long limit, long amount, boolean estimated) {
        return new Charge(
                bucket,
                new Algorithm.SlidingWindow(limit, MINUTE),
                amount,
                estimated ? EndAction.SETTLE : EndAction.KEEP);
    }
}
