package dev.weir.bucket.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.weir.bucket.Charge;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The count of buckets and reservations stays true while some are opened, settled and swept at once: afterwards the store
 * takes as many as its bound says, no more and no fewer.
 *
 * <p>{@code mvn test -Pjcstress -pl ratelimit-service -am -Djcstress.tests=TrueSize}
 */
@JCStressTest
@Outcome(id = "3", expect = ACCEPTABLE, desc = "As many as the bound.")
@State
public class TrueSize {
    private static final int BOUND = 3;

    private final Store store = new Store(BOUND);
    private final Charge tokens = Store.tokens("tokens", 50);

    public TrueSize() {
        store.admitAs("reservation", tokens);
        store.admit(Store.requests("idle", 10));
        store.passMinutes(2);
    }

    @Actor
    public void settle() {
        store.settle("reservation", 60);
    }

    @Actor
    public void sweep() {
        store.admitAs("another reservation", tokens);
    }

    @Arbiter
    public void fill(I_Result seen) {
        store.passMinutes(2);
        int taken = 0;
        while (taken <= BOUND && store.admit(Store.requests("new-" + taken, 10)) == 1) {
            taken++;
        }
        seen.r1 = taken;
    }
}
