package dev.weir.envoy.call;

import dev.weir.decide.Ends;
import org.jspecify.annotations.Nullable;

/**
 * Releases what a call was admitted for, once, however it is learnt that nobody heard of it. Keeps nothing of the call: thousands of these
 * wait for resets that never come.
 */
final class UnheardAdmission implements Runnable {
    private final HeldReservation held;
    private final long lateFrom;
    private final @Nullable Peer peer;
    private final Ends ends;
    private boolean done;

    /**
     * Does nothing yet.
     *
     * @param lateFrom from the call's {@link Cancellation}
     * @param peer the Envoy that has called; null where it came otherwise than over the network
     */
    UnheardAdmission(HeldReservation held, long lateFrom, @Nullable Peer peer, Ends ends) {
        this.held = held;
        this.lateFrom = lateFrom;
        this.peer = peer;
        this.ends = ends;
    }

    /** Releases it because the stream was reset when its answer was on the way. */
    @Override
    public void run() {
        release(Cancellation.isLate(lateFrom));
    }

    /** @param late whether the caller's time was up */
    void release(boolean late) {
        if (isFirst()) {
            if (peer != null) {
                peer.ended(held.reservation());
            }
            ends.release(held.domain(), held.reservation(), late);
        }
    }

    private synchronized boolean isFirst() {
        boolean first = !done;
        done = true;
        return first;
    }
}
