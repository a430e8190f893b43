package dev.weir.decide;

import dev.weir.bucket.Settled;
import dev.weir.request.Request;
import java.util.List;

/**
 * Learns of everything that was decided; each listener takes what concerns it. Called on the hot path: must return at once and never
 * throw.
 */
public interface DecisionListener {
    /**
     * A call was answered.
     *
     * @param nanos from its arrival to the answer
     */
    default void decided(Request request, Decision decision, long nanos) {}

    default void settled(String domain, Settled settled) {}

    /**
     * A request was admitted when its call had been cancelled, so what it held was let go.
     *
     * @param late the call's deadline had passed; the estimate stays charged
     */
    default void letGo(String domain, boolean late) {}

    /**
     * A request that holds slots has shown a sign of life.
     *
     * @param known whether there was still such a reservation
     */
    default void renewed(String domain, boolean known) {}

    /** The slots of a request were freed because it is presumed to be over. */
    default void vacated(String domain) {}

    /** A call was answered, in whatever way, when its caller had stopped waiting. Comes after what tells of the answer. */
    default void answeredLate(String domain) {}

    /** A call could not be understood and was answered with an error. */
    default void rejected(String problem) {}

    /** The store could not be asked; the call was answered with an error. */
    default void failed(String domain, Throwable cause, long nanos) {}

    /** All of them, in their order. */
    static DecisionListener all(List<DecisionListener> listeners) {
        return listeners.stream().reduce(DecisionListener::both).orElseGet(() -> new DecisionListener() {});
    }

    private static DecisionListener both(DecisionListener first, DecisionListener second) {
        return new DecisionListener() {
            @Override
            public void decided(Request request, Decision decision, long nanos) {
                first.decided(request, decision, nanos);
                second.decided(request, decision, nanos);
            }

            @Override
            public void settled(String domain, Settled settled) {
                first.settled(domain, settled);
                second.settled(domain, settled);
            }

            @Override
            public void letGo(String domain, boolean late) {
                first.letGo(domain, late);
                second.letGo(domain, late);
            }

            @Override
            public void renewed(String domain, boolean known) {
                first.renewed(domain, known);
                second.renewed(domain, known);
            }

            @Override
            public void vacated(String domain) {
                first.vacated(domain);
                second.vacated(domain);
            }

            @Override
            public void answeredLate(String domain) {
                first.answeredLate(domain);
                second.answeredLate(domain);
            }

            @Override
            public void rejected(String problem) {
                first.rejected(problem);
                second.rejected(problem);
            }

            @Override
            public void failed(String domain, Throwable cause, long nanos) {
                first.failed(domain, cause, nanos);
                second.failed(domain, cause, nanos);
            }
        };
    }
}
