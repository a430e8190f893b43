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
 * The last unit of a bucket goes to one of two who want it.
 *
 * <p>{@code mvn test -Pjcstress -pl ratelimit-service -am -Djcstress.tests=LastUnit}
 */
@JCStressTest
@Outcome(
        id = {"1, 0, 1", "0, 1, 1"},
        expect = ACCEPTABLE,
        desc = "One of them has it.")
@State
public class LastUnit {
    private final Store store = new Store(Store.LARGE);
    private final Charge unit = Store.requests("user", 1);

    @Actor
    public void one(III_Result seen) {
        seen.r1 = store.admit(unit);
    }

    @Actor
    public void other(III_Result seen) {
        seen.r2 = store.admit(unit);
    }

    @Arbiter
    public void after(III_Result seen) {
        seen.r3 = store.used(unit);
    }
}
