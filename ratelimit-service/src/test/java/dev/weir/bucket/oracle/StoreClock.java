package dev.weir.bucket.oracle;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.AtEnd;
import dev.weir.bucket.Charge;
import dev.weir.bucket.Level;
import dev.weir.bucket.Periods;
import java.util.ArrayList;
import java.util.List;

/**
 * A bucket that every request of a run asks besides its own, so that the store itself tells in what order and when it decided:
 * what is used is the number of requests admitted so far, and what is left of the period gives the time.
 */
record StoreClock(String bucket) {
    /** One period from the epoch to the year 2112, so no boundary falls into a run. */
    private static final long PERIOD_MICROS = 1L << 52;

    private static final Algorithm FIGURES = new Algorithm.Fixed(1L << 50, new Periods.Every(PERIOD_MICROS));

    Admission addTo(Admission admission) {
        List<Charge> charges = new ArrayList<>(admission.charges());
        charges.add(new Charge(bucket, FIGURES, 1, AtEnd.STAYS));
        return new Admission(charges, admission.reservation(), admission.reservationMicros());
    }

    /** An empty bucket does not tell the time: the first request of a run must be one that is admitted. */
    static Moment read(Level level, boolean refused) {
        if (level.used() == 0) {
            throw new IllegalStateException("the clock was never started");
        }
        return new Moment(level.used(), refused, PERIOD_MICROS - level.resetMicros());
    }
}
