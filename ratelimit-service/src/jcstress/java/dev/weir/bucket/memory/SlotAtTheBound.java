package dev.weir.bucket.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.weir.bucket.Charge;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A slot is taken while others fill the store: either it is not given, or its reservation is kept and frees it.
 *
 * <p>{@code mvn test -Pjcstress -pl ratelimit-service -am -Djcstress.tests=SlotAtTheBound}
 */
@JCStressTest
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "Given and freed.")
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "Not given.")
@State
public class SlotAtTheBound {
    private final Store store = new Store(2);
    private final Charge slot = Store.slot("parallel");
    private final Charge user = Store.requests("user", 10);
    private final Charge team = Store.requests("team", 10);

    @Actor
    public void take(III_Result seen) {
        seen.r1 = store.admitAs("reservation", slot);
    }

    @Actor
    public void fill() {
        store.admit(user, team);
    }

    @Arbiter
    public void after(III_Result seen) {
        seen.r2 = store.release("reservation");
        seen.r3 = store.used(slot);
    }
}
