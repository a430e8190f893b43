package dev.weir.envoy;

import dev.weir.bucket.Settled;
import dev.weir.decide.Decider;
import dev.weir.decide.Decision;
import dev.weir.decide.DecisionListener;
import dev.weir.request.Request;
import dev.weir.request.Settlement;
import io.grpc.Status;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings decisions to those who asked for them, whichever protocol they speak, and lets go of what was admitted for nobody. A call
 * that cannot be understood is INVALID_ARGUMENT, an unknown domain NOT_FOUND, a store that cannot be asked UNAVAILABLE.
 */
final class Admissions {
    private static final Logger LOG = LoggerFactory.getLogger(Admissions.class);

    private final Decider decider;
    private final DecisionListener listener;

    Admissions(Decider decider, DecisionListener listener) {
        this.decider = decider;
        this.listener = listener;
    }

    /** @param writer makes the answer of what was allowed or refused */
    <A> void answer(Request request, CompletionStage<Decision> decided, Call<A> call, Function<Decision, A> writer) {
        decided.handle((decision, failure) -> {
                    long nanos = call.nanos();
                    if (decision == null) {
                        listener.failed(request.domain(), failure, nanos);
                        call.fail(Status.UNAVAILABLE, "the store cannot be asked: " + failure.getMessage());
                    } else {
                        listener.decided(request, decision, nanos);
                        answer(decision, call, writer);
                        letGoIfCancelled(request.domain(), decision, call.cancellation());
                    }
                    if (call.cancellation().isTooLate(nanos)) {
                        listener.answeredLate(request.domain());
                    }
                    return decision;
                })
                .exceptionally(bug -> {
                    LOG.error("a call could not be answered", bug);
                    call.answer().onError(Status.INTERNAL.asRuntimeException());
                    return null;
                });
    }

    private static <A> void answer(Decision decision, Call<A> call, Function<Decision, A> writer) {
        if (decision instanceof Decision.Invalid invalid) {
            call.fail(Status.NOT_FOUND, invalid.problem());
        } else {
            call.answer(writer.apply(decision));
        }
    }

    private void letGoIfCancelled(String domain, Decision decision, Cancellation cancellation) {
        if (decision instanceof Decision.Allowed allowed && allowed.reservation() != null) {
            String reservation = allowed.reservation();
            cancellation.late().thenAccept(late -> letGo(domain, reservation, late));
        }
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

    /** Of a call that cannot be understood. */
    void reject(String problem, Call<?> call) {
        listener.rejected(problem);
        call.fail(Status.INVALID_ARGUMENT, problem);
    }
}
