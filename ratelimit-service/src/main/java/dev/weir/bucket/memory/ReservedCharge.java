package dev.weir.bucket.memory;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.measure.Measure;

/**
 * A charge that changes, or may have to be undone, when its request ends. Every request under way has some, and one whose usage is never
 * told keeps them for an hour, so each holds no more than its end needs.
 *
 * @param bucket the instance of the name by which the bucket is kept, which all its reservations share
 * @param mark what the bucket returned for the charge
 */
record ReservedCharge(String bucket, Algorithm algorithm, Measure measure, long amount, EndAction atEnd, long mark) {
    static ReservedCharge of(Charge charge, KeptBucket bucket, long mark) {
        return new ReservedCharge(
                bucket.name(), charge.algorithm(), charge.measure(), charge.amount(), charge.atEnd(), mark);
    }

    boolean isSlot() {
        return atEnd == EndAction.RELEASE;
    }

    /** Returns how long its slot is kept without a sign of life, in microseconds; 0 where it takes none. */
    long slotMicros() {
        return Charge.slotMicros(algorithm, atEnd);
    }
}
