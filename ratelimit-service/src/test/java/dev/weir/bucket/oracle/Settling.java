package dev.weir.bucket.oracle;

import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;

/**
 * A settlement and its answer. The store does not tell when it settled: it was after what its client had seen before, and before
 * what its client saw next.
 */
record Settling(int client, int replica, String reservation, Usage usage, Settled answer, Moment after, Moment before) {
    boolean tookEffect() {
        return answer.kind() != Settled.Kind.UNKNOWN;
    }

    /** The client has left: what stays otherwise is given back too. */
    boolean undoes() {
        return usage == Usage.UNDONE;
    }

    /** Whether it may have been before the call at that moment. */
    boolean mayPrecede(Moment moment) {
        return after.compareTo(moment) < 0;
    }

    String words() {
        return "from between %d at %d and %d at %d on, client %d by replica %d"
                .formatted(after.serial(), after.at(), before.serial(), before.at(), client, replica);
    }

    boolean precedes(Moment moment) {
        return before.compareTo(moment) <= 0;
    }
}
