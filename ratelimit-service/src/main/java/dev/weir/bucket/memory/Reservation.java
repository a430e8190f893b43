package dev.weir.bucket.memory;

import java.util.List;

/** What an admitted request holds until it is settled or its time is up. */
record Reservation(List<Hold> holds, long expiresAt) {
    long largestHold() {
        return holds.stream().mapToLong(Hold::amount).max().orElse(0);
    }
}
