package dev.weir.bucket.memory;

import dev.weir.bucket.EndAction;
import dev.weir.measure.Measure;
import java.util.List;

/**
 * The charges that an admitted request holds until it is settled or its time is up.
 *
 * @param expiresAt in microseconds of the store's clock
 */
record Reservation(List<ReservedCharge> charges, long expiresAt) {
    /** Returns the longest time for which one of its slots is kept without a sign of life, in microseconds. */
    long slotMicros() {
        long longest = 0;
        for (ReservedCharge charge : charges) {
            longest = Math.max(longest, charge.slotMicros());
        }
        return longest;
    }

    /** Returns the largest estimate of tokens. */
    long largestEstimate() {
        long largest = 0;
        for (ReservedCharge charge : charges) {
            if (charge.atEnd() == EndAction.SETTLE && charge.measure() == Measure.TOKENS) {
                largest = Math.max(largest, charge.amount());
            }
        }
        return largest;
    }
}
