package dev.weir.bucket.memory;

import dev.weir.bucket.AtEnd;
import java.util.List;
import java.util.stream.Stream;

/** What an admitted request holds until it is settled or its time is up. */
record Reservation(List<Hold> holds, long expiresAt) {
    Stream<Hold> slots() {
        return holds.stream().filter(hold -> hold.charge().atEnd() == AtEnd.FREES);
    }

    /** The longest time for which one of its slots is kept without a sign of life. */
    long slotMicros() {
        return holds.stream()
                .mapToLong(hold -> hold.charge().slotMicros())
                .max()
                .orElse(0);
    }

    long largestEstimate() {
        return holds.stream()
                .filter(hold -> hold.charge().atEnd() == AtEnd.SETTLES)
                .mapToLong(hold -> hold.charge().amount())
                .max()
                .orElse(0);
    }
}
