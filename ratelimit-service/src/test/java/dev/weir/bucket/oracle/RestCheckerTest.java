package dev.weir.bucket.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestCheckerTest {
    private static final Charge TOKENS =
            new Charge("bucket", new Algorithm.SlidingWindow(500, 1_000), 60, EndAction.SETTLE);
    private static final Charge REQUESTS =
            new Charge("bucket", new Algorithm.SlidingWindow(500, 1_000), 2, EndAction.KEEP);
    private static final Settled NONE = new Settled(Settled.Kind.SETTLED, 0, 0);
    private static final Charge SLOT = new Charge("bucket", new Algorithm.Parallel(9, 1_000), 1, EndAction.RELEASE);

    @Test
    void whatWasSettledIsLeft() {
        assertEquals(Optional.empty(), check(settled().admitted(900, nothing(TOKENS), 77)));
        assertTrue(check(settled().admitted(900, nothing(TOKENS), 76)).isPresent());
        assertTrue(check(settled().admitted(900, nothing(TOKENS), 67)).isPresent());
    }

    @Test
    void whatMayBeForgottenIsNotLookedAt() {
        assertEquals(Optional.empty(), check(settled().admitted(1_010, nothing(TOKENS), 67)));
    }

    @Test
    void ofARequestWhoseClientLeftNothingIsLeft() {
        HandMade undone = new HandMade().admitted(10, "a", REQUESTS, 2).settling("a", Usage.UNDONE, NONE);
        assertEquals(Optional.empty(), check(undone.admitted(20, nothing(REQUESTS), 0)));
        HandMade kept = new HandMade().admitted(10, "a", REQUESTS, 2).settling("a", Usage.UNDONE, NONE);
        assertTrue(check(kept.admitted(20, nothing(REQUESTS), 2)).isPresent());
    }

    @Test
    void noSlotIsLeft() {
        HandMade freed = new HandMade().admitted(10, "a", SLOT, 1).settled("a", 0, 0);
        assertEquals(Optional.empty(), check(freed.admitted(20, nothing(SLOT), 0)));
        HandMade leaked = new HandMade().admitted(10, "a", SLOT, 1).settled("a", 0, 0);
        assertTrue(check(leaked.admitted(20, nothing(SLOT), 1)).isPresent());
    }

    private static HandMade settled() {
        return new HandMade()
                .admitted(10, "a", TOKENS, 60)
                .settled("a", 60, 10)
                .admitted(20, "b", TOKENS, 70)
                .settled("b", 60, 67);
    }

    private static Charge nothing(Charge charge) {
        return new Charge(charge.bucket(), charge.algorithm(), 0, EndAction.KEEP);
    }

    private static Optional<Violation> check(HandMade history) {
        return new RestChecker().check(history.transcript());
    }
}
