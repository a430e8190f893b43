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

    /** Of a call at the same place in the order it is not known which of the two came first. */
    boolean mayPrecede(Moment moment) {
        int order = after.compareTo(moment);
        return order < 0 || (order == 0 && moment.refused());
    }

    String words() {
        return "from between %d at %d and %d at %d on, client %d by replica %d"
                .formatted(after.serial(), after.at(), before.serial(), before.at(), client, replica);
    }

    boolean precedes(Moment moment) {
        int order = before.compareTo(moment);
        return order < 0 || (order == 0 && !moment.refused());
    }
}
