package dev.weir.bucket.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.weir.bucket.Charge;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * A reservation is settled by one of two who try, and whoever is told that it is gone finds it settled.
 *
 * <p>{@code mvn test -Pjcstress -pl ratelimit-service -am -Djcstress.tests=SettledTwice}
 */
@JCStressTest
@Outcome(
        id = {"1, 10, 0, 10", "0, 10, 1, 10"},
        expect = ACCEPTABLE,
        desc = "One of them settles, both see it.")
@State
public class SettledTwice {
    private final Store store = new Store(Store.LARGE);
    private final Charge tokens = Store.tokens("user", 50);

    public SettledTwice() {
        store.admitAs("reservation", tokens);
    }

    @Actor
    public void one(IIII_Result seen) {
        seen.r1 = store.settle("reservation", 10);
        seen.r2 = store.used(tokens);
    }

    @Actor
    public void other(IIII_Result seen) {
        seen.r3 = store.settle("reservation", 10);
        seen.r4 = store.used(tokens);
    }
}
