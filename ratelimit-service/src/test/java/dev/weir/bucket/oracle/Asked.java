package dev.weir.bucket.oracle;

import dev.weir.bucket.Admission;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Outcome;
import java.util.List;

/**
 * A request and its answer, both without the part of the {@link StoreClock}.
 *
 * @param sentNanos by the clients' clock, as {@code answeredNanos}
 */
record Asked(
        int client,
        int replica,
        Admission admission,
        Outcome outcome,
        Moment moment,
        long sentNanos,
        long answeredNanos) {
    static Asked of(
            int client, int replica, Admission admission, Outcome withClock, long sentNanos, long answeredNanos) {
        boolean admitted = withClock instanceof Outcome.Admitted;
        List<BucketStatus> levels = levels(withClock);
        List<BucketStatus> own = levels.subList(0, levels.size() - 1);
        return new Asked(
                client,
                replica,
                admission,
                admitted ? new Outcome.Admitted(own) : new Outcome.Refused(own),
                StoreClock.read(levels.get(levels.size() - 1)),
                sentNanos,
                answeredNanos);
    }

    boolean admitted() {
        return outcome instanceof Outcome.Admitted;
    }

    List<BucketStatus> levels() {
        return levels(outcome);
    }

    static List<BucketStatus> levels(Outcome outcome) {
        if (outcome instanceof Outcome.Admitted admitted) {
            return admitted.levels();
        }
        if (outcome instanceof Outcome.Refused refused) {
            return refused.levels();
        }
        throw new IllegalStateException("the store is full");
    }
}
