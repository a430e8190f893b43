package dev.weir.envoy;

import dev.weir.bucket.Settled;
import dev.weir.decide.Decider;
import dev.weir.decide.Decision;
import dev.weir.decide.DecisionListener;
import dev.weir.request.Request;
import dev.weir.request.Settlement;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Envoy's rate limit service, v3. A call that cannot be understood is INVALID_ARGUMENT, an unknown domain NOT_FOUND, a store
 * that cannot be asked UNAVAILABLE; what Envoy then does with the request is its {@code failure_mode_deny}.
 */
public final class RateLimitEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(RateLimitEndpoint.class);

    private static final int LONGEST_PROBLEM = 500;

    private final Decider decider;
    private final DecisionListener listener;

    public RateLimitEndpoint(Decider decider, DecisionListener listener) {
        this.decider = decider;
        this.listener = listener;
    }

    public ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(WireMethods.RATE_LIMIT_SERVICE)
                .addMethod(WireMethods.SHOULD_RATE_LIMIT, ServerCalls.asyncUnaryCall(this::shouldRateLimit))
                .build();
    }

    private void shouldRateLimit(WireMessage<RateLimitRequest> call, StreamObserver<RateLimitResponse> answer) {
        long start = System.nanoTime();
        Cancellation cancellation = new Cancellation();
        ((ServerCallStreamObserver<?>) answer).setOnCancelHandler(cancellation);
        RateLimitRequest message = call.message();
        if (message == null) {
            reject(call.problem(), answer);
            return;
        }
        try {
            decide(RequestReader.read(message), message.getDescriptorsCount(), start, cancellation, answer);
        } catch (InvalidRequestException e) {
            reject(e.getMessage(), answer);
        }
    }

    private void decide(
            Request request,
            int descriptors,
            long start,
            Cancellation cancellation,
            StreamObserver<RateLimitResponse> answer) {
        // What has ended first: if that fails the call is sent again, and must not have been charged.
        CompletionStage<Decision> decided = request.settlements().isEmpty()
                ? decider.decide(request)
                : settleAll(request).thenCompose(settled -> decider.decide(request));
        decided.handle((decision, failure) -> {
                    long nanos = System.nanoTime() - start;
                    if (decision == null) {
                        listener.failed(request.domain(), failure, nanos);
                        answer.onError(error(Status.UNAVAILABLE, "the store cannot be asked: " + failure.getMessage()));
                    } else {
                        listener.decided(request, decision, nanos);
                        answer(decision, descriptors, answer);
                        if (decision instanceof Decision.Allowed allowed && allowed.reservation() != null) {
                            String reservation = allowed.reservation();
                            cancellation.late().thenAccept(late -> letGo(request.domain(), reservation, late));
                        }
                    }
                    if (cancellation.isTooLate(nanos)) {
                        listener.answeredLate(request.domain());
                    }
                    return decision;
                })
                .exceptionally(bug -> {
                    LOG.error("a call could not be answered", bug);
                    answer.onError(Status.INTERNAL.asRuntimeException());
                    return null;
                });
    }

    /** The problem may quote what came from outside; a trailer that is too long for the caller would hide the status from it. */
    private static StatusRuntimeException error(Status status, String problem) {
        String shortened =
                problem.length() <= LONGEST_PROBLEM ? problem : problem.substring(0, LONGEST_PROBLEM) + "...";
        return status.withDescription(shortened).asRuntimeException();
    }

    private void reject(String problem, StreamObserver<RateLimitResponse> answer) {
        listener.rejected(problem);
        answer.onError(error(Status.INVALID_ARGUMENT, problem));
    }

    /**
     * Of a request whose admission nobody heard of. Its client has left, unless the deadline had passed: then Envoy
     * may have let it through, and what was charged stays charged. Either way Envoy will not tell of its end.
     */
    private void letGo(String domain, String reservation, boolean late) {
        CompletionStage<Settled> done =
                late ? decider.settle(domain, Settlement.keep(reservation)) : decider.undo(domain, reservation);
        done.thenAccept(settled -> listener.letGo(domain, late));
    }

    private static void answer(Decision decision, int descriptors, StreamObserver<RateLimitResponse> answer) {
        if (decision instanceof Decision.Invalid invalid) {
            answer.onError(error(Status.NOT_FOUND, invalid.problem()));
            return;
        }
        answer.onNext(
                decision instanceof Decision.Refused refused
                        ? ResponseWriter.refused(refused, descriptors)
                        : ResponseWriter.allowed((Decision.Allowed) decision, descriptors));
        answer.onCompleted();
    }

    private CompletionStage<Void> settleAll(Request request) {
        CompletableFuture<?>[] settlements =
                new CompletableFuture<?>[request.settlements().size()];
        for (int i = 0; i < settlements.length; i++) {
            Settlement settlement = request.settlements().get(i);
            CompletionStage<Settled> settled = decider.settle(request.domain(), settlement);
            settlements[i] = settled.whenComplete((done, failure) -> {
                        if (done != null) {
                            listener.settled(request.domain(), done);
                        }
                    })
                    .toCompletableFuture();
        }
        return CompletableFuture.allOf(settlements);
    }
}
