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
 * A slot is freed at the very moment at which it expires and goes to somebody else: whoever frees it late does not free the
 * other's. The store is so small that the expired bucket is swept and opened anew.
 *
 * <p>{@code mvn test -Pjcstress -pl ratelimit-service -am -Djcstress.tests=ExpiredSlot}
 */
@JCStressTest
@Outcome(
        id = {"0, 1, 1", "1, 1, 1"},
        expect = ACCEPTABLE,
        desc = "Freed or expired, it is the other's now.")
@State
public class ExpiredSlot {
    private final Store store = new Store(2);
    private final Charge slot = Store.slot("user");

    public ExpiredSlot() {
        store.admitAs("first", slot);
    }

    @Actor
    public void free(III_Result seen) {
        seen.r1 = store.release("first");
    }

    @Actor
    public void takeAfterItExpired(III_Result seen) {
        store.passMinutes(1);
        seen.r2 = store.admitAs("second", slot);
    }

    @Arbiter
    public void after(III_Result seen) {
        seen.r3 = store.used(slot);
    }
}
