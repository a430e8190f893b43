package dev.weir.decide;

import dev.weir.bucket.Settled;
import dev.weir.identity.Identification;
import dev.weir.request.Request;

/** Something that happened to a call. One channel takes all events, so whoever reports one need not know who listens. */
public sealed interface Event {
    /** Passes the event to the listener's method for it. */
    void tell(DecisionListener listener);

    /**
     * A call was answered.
     *
     * @param nanos from its arrival to the answer
     */
    record Decided(Request request, Decision decision, long nanos) implements Event {
        @Override
        public void tell(DecisionListener listener) {
            listener.decided(request, decision, nanos);
        }
    }

    /** A reservation was settled, or was not there. */
    record Ended(String domain, Settled settled) implements Event {
        @Override
        public void tell(DecisionListener listener) {
            listener.settled(domain, settled);
        }
    }

    /**
     * A request was admitted after its call had been cancelled, so what it held was released.
     *
     * @param late whether the call's deadline had passed; the estimate then stays charged
     */
    record Released(String domain, boolean late) implements Event {
        @Override
        public void tell(DecisionListener listener) {
            listener.released(domain, late);
        }
    }

    /**
     * A request that holds slots has shown a sign of life.
     *
     * @param known whether there was still such a reservation
     */
    record Renewed(String domain, boolean known) implements Event {
        @Override
        public void tell(DecisionListener listener) {
            listener.renewed(domain, known);
        }
    }

    /** The slots of a request were freed because it is presumed to be over. */
    record Vacated(String domain) implements Event {
        @Override
        public void tell(DecisionListener listener) {
            listener.vacated(domain);
        }
    }

    /** A call was answered, in whatever way, when its caller had stopped waiting. This event follows that of the answer. */
    record AnsweredLate(String domain) implements Event {
        @Override
        public void tell(DecisionListener listener) {
            listener.answeredLate(domain);
        }
    }

    /** A call could not be understood and was answered with an error. */
    record Rejected(String problem) implements Event {
        @Override
        public void tell(DecisionListener listener) {
            listener.rejected(problem);
        }
    }

    /** The store could not be asked; the call was answered with an error. */
    record Failed(String domain, Throwable cause, long nanos) implements Event {
        @Override
        public void tell(DecisionListener listener) {
            listener.failed(domain, cause, nanos);
        }
    }

    /** A caller has said who it is, or has not. */
    record Identified(Identification identification) implements Event {
        @Override
        public void tell(DecisionListener listener) {
            listener.identified(identification);
        }
    }
}
