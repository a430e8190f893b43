package dev.weir.envoy;

import dev.weir.decide.Ends;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Lets go of what a call was admitted for, once, by whichever way it is learnt that nobody heard of it. Keeps nothing of the call:
 * thousands of these wait for resets that never come.
 */
final class UnheardAdmission implements Runnable {
    private final Held held;
    private final Lateness lateness;
    private final @Nullable Peer peer;
    private final Ends ends;
    private final AtomicBoolean done = new AtomicBoolean();

    /** @param peer the Envoy that has called; null where it came otherwise than over the network */
    UnheardAdmission(Held held, Lateness lateness, @Nullable Peer peer, Ends ends) {
        this.held = held;
        this.lateness = lateness;
        this.peer = peer;
        this.ends = ends;
    }

    /** The stream was reset when its answer was on the way. */
    @Override
    public void run() {
        letGo(lateness.isNow());
    }

    /** @param late whether the caller's time was up */
    void letGo(boolean late) {
        if (done.compareAndSet(false, true)) {
            if (peer != null) {
                peer.ended(held.reservation());
            }
            ends.letGo(held.domain(), held.reservation(), late);
        }
    }
}
