package dev.weir.envoy.call;

import dev.weir.decide.Ends;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * A call of Envoy's that waits for its answer.
 *
 * @param stream the stream on which it came; null where it came otherwise
 * @param start when it came, by {@link System#nanoTime}
 */
public record PendingCall<A>(
        StreamObserver<A> answer,
        Cancellation cancellation,
        @Nullable CurrentStream stream,
        long start) {
    private static final int LONGEST_PROBLEM = 500;

    /** Takes a call that has just come: its time runs from here. */
    public static <A> PendingCall<A> of(StreamObserver<A> answer) {
        long start = System.nanoTime();
        Cancellation cancellation = new Cancellation(start);
        ((ServerCallStreamObserver<A>) answer).setOnCancelHandler(cancellation);
        return new PendingCall<>(answer, cancellation, CurrentStream.get(), start);
    }

    long nanos() {
        return System.nanoTime() - start;
    }

    public void answer(A message) {
        answer.onNext(message);
        answer.onCompleted();
    }

    /** Sees to it that what was admitted is released if nobody hears of it; must be called before the answer is sent. */
    void watch(HeldReservation held, long leaseMicros, Ends ends) {
        Peer peer = stream == null ? null : stream.peer();
        UnheardAdmission unheard = new UnheardAdmission(held, cancellation.lateFrom(), peer, ends);
        if (peer != null && leaseMicros > 0) {
            peer.holds(held, leaseMicros);
        }
        if (stream != null) {
            stream.whenReset(unheard);
        }
        cancellation.late().thenAccept(unheard::release);
    }

    /** Forgets a reservation, for which nothing is to be freed any more if that Envoy goes. */
    public void ended(String reservation) {
        Peer peer = stream == null ? null : stream.peer();
        if (peer != null) {
            peer.ended(reservation);
        }
    }

    public void fail(Status status, String problem) {
        answer.onError(error(status, problem));
    }

    /** Shortens the problem, which may quote what came from outside: a trailer too long for the caller would hide the status from it. */
    private static StatusRuntimeException error(Status status, String problem) {
        String shortened =
                problem.length() <= LONGEST_PROBLEM ? problem : problem.substring(0, LONGEST_PROBLEM) + "...";
        return status.withDescription(shortened).asRuntimeException();
    }
}
