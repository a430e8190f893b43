package dev.weir.bucket.memory;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import java.util.List;

/** A store whose answers are short enough for a table of outcomes. */
final class Store {
    static final long MINUTE = 60_000_000;
    static final int LARGE = 1_000;

    private final ManualClock clock = new ManualClock();
    private final MemoryBuckets buckets;

    Store(int bound) {
        buckets = new MemoryBuckets(bound, clock);
    }

    /** Of what a request takes, nothing comes back. */
    static Charge requests(String bucket, long limit) {
        return new Charge(bucket, new Algorithm.SlidingWindow(limit, MINUTE), 1, EndAction.KEEP);
    }

    static Charge tokens(String bucket, long estimate) {
        return new Charge(bucket, new Algorithm.SlidingWindow(1_000, MINUTE), estimate, EndAction.SETTLE);
    }

    /** Free again after a minute, if nobody frees it before. */
    static Charge slot(String bucket) {
        return new Charge(bucket, new Algorithm.Parallel(1, MINUTE), 1, EndAction.RELEASE);
    }

    /** Answers 1 where it was admitted. */
    int admit(Charge... charges) {
        return outcome(new Admission(List.of(charges), null, 0)) instanceof Outcome.Admitted ? 1 : 0;
    }

    /** Answers 1 where it was admitted. What it holds is kept for a minute. */
    int admitAs(String reservation, Charge... charges) {
        return outcome(new Admission(List.of(charges), reservation, MINUTE)) instanceof Outcome.Admitted ? 1 : 0;
    }

    /** Answers 1 where it was this very call that ended the reservation. */
    int settle(String reservation, long used) {
        return end(reservation, Usage.of(used));
    }

    /** Answers 1 where it was this very call that ended the reservation. */
    int release(String reservation) {
        return end(reservation, Usage.UNKNOWN);
    }

    /** Answers what is used of each bucket, read at once: thousands of the first, units of the second. */
    int used(Charge first, Charge second) {
        List<BucketStatus> levels = levels(asking(first), asking(second));
        return (int) (1_000 * levels.get(0).used() + levels.get(1).used());
    }

    int used(Charge bucket) {
        return (int) levels(asking(bucket)).get(0).used();
    }

    void passMinutes(int minutes) {
        clock.advanceSeconds(60 * minutes);
    }

    private static Charge asking(Charge charge) {
        return new Charge(charge.bucket(), charge.algorithm(), 0, EndAction.KEEP);
    }

    private List<BucketStatus> levels(Charge... asking) {
        Outcome outcome = outcome(new Admission(List.of(asking), null, 0));
        return outcome instanceof Outcome.Admitted admitted ? admitted.levels() : ((Outcome.Refused) outcome).levels();
    }

    private Outcome outcome(Admission admission) {
        return buckets.admit(admission).toCompletableFuture().join();
    }

    private int end(String reservation, Usage used) {
        Settled settled =
                buckets.settle(reservation, used).toCompletableFuture().join();
        return settled.kind() == Settled.Kind.UNKNOWN ? 0 : 1;
    }
}
