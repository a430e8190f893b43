package dev.weir.envoy.ratelimit;

import dev.weir.bucket.Patience;
import dev.weir.bucket.Settled;
import dev.weir.decide.Decider;
import dev.weir.decide.Decision;
import dev.weir.decide.DecisionListener;
import dev.weir.decide.Ends;
import dev.weir.dropin.answer.ReferenceAnswer;
import dev.weir.envoy.call.InvalidRequestException;
import dev.weir.envoy.call.PendingCall;
import dev.weir.envoy.call.Responder;
import dev.weir.envoy.call.WireMessage;
import dev.weir.envoy.call.WireMethods;
import dev.weir.policy.Descriptors;
import dev.weir.request.Request;
import dev.weir.request.Settlement;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Envoy's rate limit service, v3. A call that cannot be understood is INVALID_ARGUMENT, an unknown domain NOT_FOUND, a store
 * that cannot be asked UNAVAILABLE; what Envoy then does with the request is its {@code failure_mode_deny}.
 */
public final class RateLimitEndpoint {
    private final Decider decider;
    private final DecisionListener listener;
    private final Responder admissions;

    public RateLimitEndpoint(Decider decider, DecisionListener listener, Ends ends) {
        this.decider = decider;
        this.listener = listener;
        this.admissions = new Responder(listener, ends);
    }

    public ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(WireMethods.RATE_LIMIT_SERVICE)
                .addMethod(WireMethods.SHOULD_RATE_LIMIT, ServerCalls.asyncUnaryCall(this::shouldRateLimit))
                .build();
    }

    private void shouldRateLimit(WireMessage<RateLimitRequest> wire, StreamObserver<RateLimitResponse> answer) {
        answer(wire, PendingCall.of(answer));
    }

    void answer(WireMessage<RateLimitRequest> wire, PendingCall<RateLimitResponse> call) {
        RateLimitRequest message = wire.message();
        if (message == null) {
            admissions.reject(wire.problem(), call);
            return;
        }
        Request request;
        try {
            request = RequestReader.read(message);
        } catch (InvalidRequestException e) {
            admissions.reject(e.getMessage(), call);
            return;
        }
        request.settlements().forEach(settlement -> call.ended(settlement.reservation()));
        admissions.answer(request, decide(request, call.cancellation()), call, decision -> write(decision, message));
    }

    /** What has ended first: if that fails the call is sent again, and must not have been charged. */
    private CompletionStage<Decision> decide(Request request, Patience patience) {
        return request.settlements().isEmpty()
                ? decider.decide(request, patience)
                : settleAll(request).thenCompose(settled -> decider.decide(request, patience));
    }

    private static RateLimitResponse write(Decision decision, RateLimitRequest message) {
        Descriptors rules = decision.domain().descriptors();
        if (rules != null) {
            return ReferenceAnswer.of(decision, rules, message);
        }
        int descriptors = message.getDescriptorsCount();
        return decision instanceof Decision.Refused refused
                ? ResponseWriter.refused(refused, descriptors)
                : ResponseWriter.allowed((Decision.Allowed) decision, descriptors);
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
