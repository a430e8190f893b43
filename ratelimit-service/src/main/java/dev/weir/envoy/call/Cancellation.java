package dev.weir.envoy.call;

import dev.weir.bucket.Patience;
import io.grpc.Context;
import io.grpc.Deadline;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Learns, at the moment a call is cancelled, whether its caller gave up waiting or its client left. Without such a handler gRPC throws when
 * a caller that has gone is answered.
 */
public final class Cancellation implements Runnable, Patience {
    /**
     * The last part of a call's time, a quarter. A cancellation in it is taken for a time-out, after which Envoy may have let the request
     * through: our deadline runs from the arrival of the call, Envoy's from its sending, and a busy machine puts more than moments between
     * them.
     */
    private static final int LAST_PART = 4;

    private static final long NEVER = Long.MAX_VALUE;

    private final long patienceNanos = patience(Context.current().getDeadline());
    private final long end;
    private final CompletableFuture<Boolean> late = new CompletableFuture<>();

    /** @param now when the call came, by {@link System#nanoTime} */
    public Cancellation(long now) {
        end = now + patienceNanos;
    }

    private static long patience(@Nullable Deadline deadline) {
        return deadline == null ? NEVER : deadline.timeRemaining(TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
        late.complete(isLate(lateFrom()));
    }

    /** Returns the time from which on the caller's time counts as up, for {@link #isLate}. */
    long lateFrom() {
        return patienceNanos == NEVER ? NEVER : end - patienceNanos / LAST_PART;
    }

    static boolean isLate(long lateFrom) {
        return lateFrom != NEVER && System.nanoTime() - lateFrom > 0;
    }

    /** A caller without a deadline waits until it cancels the call. */
    @Override
    public long nanosLeft(long nanoTime) {
        if (late.isDone()) {
            return 0;
        }
        return patienceNanos == NEVER ? NEVER : end - nanoTime;
    }

    /** Tells whether the caller has stopped waiting for an answer that comes so many nanoseconds after its call. */
    boolean isTooLate(long nanos) {
        return nanos > patienceNanos || late.getNow(false);
    }

    /**
     * Returns what completes when the call is cancelled, with whether time had run out. gRPC may learn of it when we have answered and the
     * answer has not been sent yet; {@link AnsweredStreams} reports what comes after that.
     */
    CompletionStage<Boolean> late() {
        return late;
    }
}
