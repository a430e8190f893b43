package dev.weir.envoy;

import io.grpc.Deadline;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a call that is cancelled at this moment has run out of time, or its client has left.
 *
 * @param deadline of the call; null where its caller waits for ever
 * @param marginNanos what may be left of the time where it counts as up
 */
record Lateness(@Nullable Deadline deadline, long marginNanos) {
    boolean isNow() {
        return deadline != null && deadline.timeRemaining(TimeUnit.NANOSECONDS) < marginNanos;
    }
}
