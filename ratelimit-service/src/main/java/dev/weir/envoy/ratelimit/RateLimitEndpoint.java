package dev.weir.envoy.ratelimit;

import dev.weir.bucket.Patience;
import dev.weir.bucket.Settled;
import dev.weir.decide.Decider;
import dev.weir.decide.Decision;
import dev.weir.decide.Ends;
import dev.weir.decide.Event;
import dev.weir.envoy.call.InvalidRequestException;
import dev.weir.envoy.call.PendingCall;
import dev.weir.envoy.call.Responder;
import dev.weir.envoy.call.WireMethods;
import dev.weir.request.Request;
import dev.weir.request.Settlement;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Envoy's rate limit service, v3. A call that cannot be understood fails with INVALID_ARGUMENT, an unknown domain with NOT_FOUND, a store
 * that cannot be asked with UNAVAILABLE; what Envoy then does with the request is its {@code failure_mode_deny}.
 */
public final class RateLimitEndpoint {
    private final Decider decider;
    private final Consumer<Event> events;
    private final AnswerWriter descriptorAnswers;
    private final Responder responder;

    /** @param descriptorAnswers writes what domains in the descriptors dialect answer */
    public RateLimitEndpoint(Decider decider, Consumer<Event> events, Ends ends, AnswerWriter descriptorAnswers) {
        this.decider = decider;
        this.events = events;
        this.descriptorAnswers = descriptorAnswers;
        this.responder = new Responder(events, ends);
    }

    public ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(WireMethods.RATE_LIMIT_SERVICE)
                .addMethod(WireMethods.SHOULD_RATE_LIMIT_IN_BYTES, ServerCalls.asyncUnaryCall(this::shouldRateLimit))
                .build();
    }

    private void shouldRateLimit(byte[] message, StreamObserver<byte[]> answer) {
        answer(message, PendingCall.of(answer));
    }

    /**
     * Answers a call, with a {@code RateLimitResponse} or a failure.
     *
     * @param message a {@code RateLimitRequest}, or bytes that should be one
     */
    public void answer(byte[] message, PendingCall<byte[]> call) {
        RateLimitCall asked;
        try {
            asked = RequestReader.read(message);
        } catch (InvalidRequestException e) {
            responder.reject(e.getMessage(), call);
            return;
        }
        Request request = asked.request();
        request.settlements().forEach(settlement -> call.ended(settlement.reservation()));
        responder.answer(request, decide(request, call.cancellation()), call, decision -> write(decision, asked));
    }

    /** Rejects a call that is already known to be unreadable. */
    public void reject(String problem, PendingCall<byte[]> call) {
        responder.reject(problem, call);
    }

    /** Decides once what has ended is settled: if settling fails the call is sent again, and must not have been charged. */
    private CompletionStage<Decision> decide(Request request, Patience patience) {
        return request.settlements().isEmpty()
                ? decider.decide(request, patience)
                : settleAll(request).thenCompose(settled -> decider.decide(request, patience));
    }

    private byte[] write(Decision decision, RateLimitCall asked) {
        boolean isNative = decision.domain().descriptors() == null;
        return (isNative ? ResponseWriter.NATIVE : descriptorAnswers).write(decision, asked);
    }

    private CompletionStage<Void> settleAll(Request request) {
        CompletableFuture<?>[] settlements =
                new CompletableFuture<?>[request.settlements().size()];
        for (int i = 0; i < settlements.length; i++) {
            Settlement settlement = request.settlements().get(i);
            CompletionStage<Settled> settled = decider.settle(request.domain(), settlement);
            settlements[i] = settled.whenComplete((done, failure) -> {
                        if (done != null) {
                            events.accept(new Event.Ended(request.domain(), done));
                        }
                    })
                    .toCompletableFuture();
        }
        return CompletableFuture.allOf(settlements);
    }
}
