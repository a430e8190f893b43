package dev.weir.bucket.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.weir.bucket.Charge;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * A full store whose only bucket no longer counts is swept for a new one while a request charges the old one: the charge does
 * not go to a bucket that is swept, and what it charged is not swept.
 *
 * <p>{@code mvn test -Pjcstress -pl ratelimit-service -am -Djcstress.tests=SweptBucket}
 */
@JCStressTest
@Outcome(id = "1, 1, 1, 1", expect = ACCEPTABLE, desc = "Both found room at the same moment.")
@Outcome(
        id = {"1, 1, 0, 0", "0, 0, 1, 1"},
        expect = ACCEPTABLE,
        desc = "One found room.")
@State
public class SweptBucket {
    private final Store store = new Store(1);
    private final Charge idle = Store.requests("idle", 10);
    private final Charge another = Store.requests("another", 10);

    public SweptBucket() {
        store.admit(idle);
        store.passMinutes(2);
    }

    @Actor
    public void charge(IIII_Result seen) {
        seen.r1 = store.admit(idle);
    }

    @Actor
    public void sweep(IIII_Result seen) {
        seen.r3 = store.admit(another);
    }

    @Arbiter
    public void after(IIII_Result seen) {
        seen.r2 = store.used(idle);
        seen.r4 = store.used(another);
    }
}
