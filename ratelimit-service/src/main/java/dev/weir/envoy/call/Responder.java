package dev.weir.envoy.call;

import dev.weir.bucket.OverloadedException;
import dev.weir.bucket.OverloadedException.Shed;
import dev.weir.decide.Completed;
import dev.weir.decide.Decision;
import dev.weir.decide.Ends;
import dev.weir.decide.Event;
import dev.weir.request.Request;
import io.grpc.Status;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings decisions to those who asked for them, whichever protocol they speak, and releases what was admitted for nobody. A call that
 * cannot be understood or asks for too much at once fails with INVALID_ARGUMENT, an unknown domain with NOT_FOUND, a store that cannot be asked with UNAVAILABLE, and so
 * does one that is overloaded where the domain does not say otherwise.
 */
public final class Responder {
    private static final Logger LOG = LoggerFactory.getLogger(Responder.class);

    private final Consumer<Event> events;
    private final Ends ends;

    public Responder(Consumer<Event> events, Ends ends) {
        this.events = events;
        this.ends = ends;
    }

    /** @param writer makes the answer of what was allowed or refused */
    public <A> void answer(
            Request request, CompletionStage<Decision> decided, PendingCall<A> call, Function<Decision, A> writer) {
        Decision known = Completed.value(decided);
        if (known == null) {
            guard(call, decided.handle((decision, failure) -> {
                answer(request, decision, failure, call, writer);
                return call;
            }));
            return;
        }
        try {
            answer(request, known, null, call, writer);
        } catch (RuntimeException | Error bug) {
            unanswered(call, bug);
        }
    }

    private <A> void answer(
            Request request,
            @Nullable Decision decision,
            @Nullable Throwable failure,
            PendingCall<A> call,
            Function<Decision, A> writer) {
        long nanos = call.nanos();
        if (decision == null) {
            fail(request.domain(), Objects.requireNonNull(failure), call, nanos);
        } else {
            events.accept(new Event.Decided(request, decision, nanos));
            watch(request.domain(), decision, call);
            answer(decision, call, writer);
        }
        if (call.cancellation().isTooLate(nanos)) {
            events.accept(new Event.AnsweredLate(request.domain()));
        }
    }

    /** Answers where a bug would leave a call without an answer. */
    public <T> void guard(PendingCall<?> call, CompletionStage<T> handled) {
        handled.exceptionally(bug -> {
            unanswered(call, bug);
            return null;
        });
    }

    private static void unanswered(PendingCall<?> call, Throwable bug) {
        LOG.error("a call could not be answered", bug);
        call.answer().onError(Status.INTERNAL.asRuntimeException());
    }

    /** Fails a call. A caller who has gone hears of no failure, so none is reported. */
    private void fail(String domain, Throwable failure, PendingCall<?> call, long nanos) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        OverloadedException overloaded = cause instanceof OverloadedException known ? known : null;
        if (overloaded == null || overloaded.shed() != Shed.GONE) {
            events.accept(new Event.Failed(domain, failure, nanos));
        }
        String reason = cause == null || cause.getMessage() == null ? "see the service's log" : cause.getMessage();
        call.fail(Status.UNAVAILABLE, "the store cannot be asked: " + reason);
    }

    private static <A> void answer(Decision decision, PendingCall<A> call, Function<Decision, A> writer) {
        if (decision instanceof Decision.Invalid invalid) {
            call.fail(
                    invalid.kind() == Decision.Invalid.Kind.UNKNOWN_DOMAIN ? Status.NOT_FOUND : Status.INVALID_ARGUMENT,
                    invalid.problem());
        } else {
            call.answer(writer.apply(decision));
        }
    }

    /** Releases what was admitted if nobody hears of it. Must run before the answer: afterwards its reset might be missed. */
    private void watch(String domain, Decision decision, PendingCall<?> call) {
        if (decision instanceof Decision.Allowed allowed && allowed.reservation() != null) {
            call.watch(new HeldReservation(domain, allowed.reservation()), allowed.leaseMicros(), ends);
        }
    }

    /** Rejects a call that cannot be understood. */
    public void reject(String problem, PendingCall<?> call) {
        events.accept(new Event.Rejected(problem));
        call.fail(Status.INVALID_ARGUMENT, problem);
    }
}
