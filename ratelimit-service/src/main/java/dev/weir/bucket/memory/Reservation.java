package dev.weir.bucket.memory;

import dev.weir.bucket.EndAction;
import java.util.List;

/**
 * What an admitted request holds until it is settled or its time is up.
 *
 * @param expiresAt in microseconds of the store's clock
 */
record Reservation(List<ReservedCharge> charges, long expiresAt) {
    /** The longest time for which one of its slots is kept without a sign of life, in microseconds. */
    long slotMicros() {
        long longest = 0;
        for (ReservedCharge charge : charges) {
            longest = Math.max(longest, charge.slotMicros());
        }
        return longest;
    }

    long largestEstimate() {
        long largest = 0;
        for (ReservedCharge charge : charges) {
            if (charge.atEnd() == EndAction.SETTLES) {
                largest = Math.max(largest, charge.amount());
            }
        }
        return largest;
    }

    boolean holdsSlotOf(String bucket) {
        for (ReservedCharge charge : charges) {
            if (charge.isSlot() && charge.bucket().equals(bucket)) {
                return true;
            }
        }
        return false;
    }
}
