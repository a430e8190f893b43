package dev.weir.bucket.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.weir.bucket.Charge;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Whoever reads two buckets sees a reservation settled in both or in none.
 *
 * <p>{@code mvn test -Pjcstress -pl ratelimit-service -am -Djcstress.tests=HalfSettlement}
 */
@JCStressTest
@Outcome(id = "50050", expect = ACCEPTABLE, desc = "Read before.")
@Outcome(id = "10010", expect = ACCEPTABLE, desc = "Read after.")
@State
public class HalfSettlement {
    private final Store store = new Store(Store.LARGE);
    private final Charge user = Store.tokens("user", 50);
    private final Charge team = Store.tokens("team", 50);

    public HalfSettlement() {
        store.admitAs("reservation", user, team);
    }

    @Actor
    public void settle() {
        store.settle("reservation", 10);
    }

    @Actor
    public void read(I_Result seen) {
        seen.r1 = store.used(team, user);
    }
}
