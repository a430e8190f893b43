package dev.weir.envoy;

import io.grpc.Context;
import io.grpc.Deadline;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Learns, at the moment a call is cancelled, whether its caller gave up waiting or its client left. Without such a handler gRPC
 * throws at an answer to a caller that has gone.
 */
final class Cancellation implements Runnable {
    /**
     * Our deadline runs from the arrival of the call, Envoy's from its sending: a cancellation this close to ours is taken for a
     * time-out, after which Envoy may have let the request through.
     */
    private static final long MARGIN_MILLIS = 25;

    private final @Nullable Deadline deadline = Context.current().getDeadline();
    private final CompletableFuture<Boolean> late = new CompletableFuture<>();

    @Override
    public void run() {
        late.complete(deadline != null && deadline.timeRemaining(TimeUnit.MILLISECONDS) < MARGIN_MILLIS);
    }

    /**
     * Completes when the call is cancelled: whether time had run out. gRPC may learn of that when we have answered and the answer
     * has not been sent; once it has been sent this never completes.
     */
    CompletionStage<Boolean> late() {
        return late;
    }
}
