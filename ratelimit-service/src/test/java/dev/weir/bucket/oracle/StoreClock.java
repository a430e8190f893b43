package dev.weir.bucket.oracle;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Periods;
import java.util.ArrayList;
import java.util.List;

/**
 * A bucket that every request of a run asks besides its own, so that the store itself tells in what order and when it decided. It is
 * filled at first, and every request, refused or not, gives a piece of it back, which nothing undoes: what is missing is the number of
 * requests so far, and what is left of the period gives the time.
 */
record StoreClock(String bucket) {
    /** One period from the epoch to the year 2112, so no boundary falls into a run. */
    private static final long PERIOD_MICROS = 1L << 52;

    /** Far more than a run has requests: an empty bucket does not tell the time. */
    private static final long FULL = 1L << 40;

    private static final Algorithm FIGURES = new Algorithm.FixedWindow(FULL, new Periods.Every(PERIOD_MICROS));

    /** Fills the bucket, which begins the order and is not part of it. */
    Admission start() {
        return new Admission(List.of(new Charge(bucket, FIGURES, FULL, EndAction.KEEP)), null, 0);
    }

    Admission addTo(Admission admission) {
        List<Charge> charges = new ArrayList<>(admission.charges());
        charges.add(new Charge(bucket, FIGURES, -1, EndAction.KEEP));
        return new Admission(charges, admission.reservation(), admission.reservationMicros());
    }

    static Moment read(BucketStatus level) {
        if (level.used() == 0) {
            throw new IllegalStateException("the clock was never started");
        }
        return new Moment(FULL - level.used(), PERIOD_MICROS - level.resetMicros());
    }
}
