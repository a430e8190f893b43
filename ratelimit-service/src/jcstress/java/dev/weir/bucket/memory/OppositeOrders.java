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
 * Two requests that name the same buckets in opposite orders do not wait for each other in a circle, and neither takes
 * the last unit of one bucket while the other takes that of the second.
 *
 * <p>{@code mvn test -Pjcstress -pl ratelimit-service -am -Djcstress.tests=OppositeOrders}
 */
@JCStressTest
@Outcome(
        id = {"1, 0, 1001", "0, 1, 1001"},
        expect = ACCEPTABLE,
        desc = "One of them has both.")
@State
public class OppositeOrders {
    private final Store store = new Store(Store.LARGE);
    private final Charge user = Store.requests("user", 1);
    private final Charge team = Store.requests("team", 1);

    @Actor
    public void one(III_Result seen) {
        seen.r1 = store.admit(user, team);
    }

    @Actor
    public void other(III_Result seen) {
        seen.r2 = store.admit(team, user);
    }

    @Arbiter
    public void after(III_Result seen) {
        seen.r3 = store.used(user, team);
    }
}
