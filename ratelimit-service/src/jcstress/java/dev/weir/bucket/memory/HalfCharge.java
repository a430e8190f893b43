package dev.weir.bucket.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.weir.bucket.Charge;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Whoever reads two buckets sees a request charged to both or to none.
 *
 * <p>{@code mvn test -Pjcstress -pl ratelimit-service -am -Djcstress.tests=HalfCharge}
 */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "Read before.")
@Outcome(id = "1001", expect = ACCEPTABLE, desc = "Read after.")
@State
public class HalfCharge {
    private final Store store = new Store(Store.LARGE);
    private final Charge user = Store.requests("user", 10);
    private final Charge team = Store.requests("team", 10);

    @Actor
    public void charge() {
        store.admit(user, team);
    }

    @Actor
    public void read(I_Result seen) {
        seen.r1 = store.used(team, user);
    }
}
