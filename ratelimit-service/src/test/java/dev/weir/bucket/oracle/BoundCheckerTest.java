package dev.weir.bucket.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Periods;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BoundCheckerTest {
    private static final Charge SLIDING = one(new Algorithm.SlidingWindow(2, 100));
    private static final Charge FIXED = one(new Algorithm.FixedWindow(2, new Periods.Every(100)));
    private static final Charge REFILLING = one(Algorithm.TokenBucket.of(1, 100, 2));
    private static final Charge SLOT = new Charge("slots", new Algorithm.Parallel(1, 1_000), 1, EndAction.RELEASE);
    private static final Charge TOKENS =
            new Charge("tokens", new Algorithm.SlidingWindow(100, 1_000), 60, EndAction.SETTLE);

    @Test
    void aSlidingWindowHoldsInAnySpanOfItsLength() {
        assertEquals(Optional.empty(), check(charges(SLIDING, 70, 130, 170, 230)));
        assertTrue(check(charges(SLIDING, 70, 130, 169)).isPresent());
    }

    @Test
    void aFixedWindowHoldsInItsPeriods() {
        assertEquals(Optional.empty(), check(charges(FIXED, 98, 99, 100, 101)));
        assertTrue(check(charges(FIXED, 100, 150, 199)).isPresent());
    }

    @Test
    void aTokenBucketHoldsInAnySpan() {
        assertEquals(Optional.empty(), check(charges(REFILLING, 10, 10, 110, 500, 500)));
        assertTrue(check(charges(REFILLING, 10, 10, 109)).isPresent());
        assertTrue(check(charges(REFILLING, 10, 500, 500, 599)).isPresent());
    }

    @Test
    void whatWasRefusedDoesNotCount() {
        assertEquals(
                Optional.empty(),
                check(charges(SLIDING, 10, 11).refused(12, SLIDING, 2).refused(13, SLIDING, 2)));
    }

    @Test
    void aSlotIsHeldByOneUntilItMayHaveBeenFreed() {
        HandMade freed = new HandMade().admitted(10, "a", SLOT, 1).settled("a", 0, 0);
        assertEquals(Optional.empty(), check(freed.admitted(20, "b", SLOT, 1)));
        HandMade freedLater = new HandMade().admitted(10, "a", SLOT, 1).admitted(20, "b", SLOT, 1);
        assertTrue(check(freedLater.settled("a", 0, 0).admitted(30, SLIDING, 1)).isPresent());
    }

    @Test
    void aRefundMakesRoomOnlyForWhatComesAfterIt() {
        HandMade refunded = new HandMade().admitted(10, "a", TOKENS, 60).settled("a", 60, 40);
        assertEquals(Optional.empty(), check(refunded.admitted(20, "b", TOKENS, 100)));
        HandMade tooLittle = new HandMade().admitted(10, "a", TOKENS, 60).settled("a", 60, 41);
        assertTrue(check(tooLittle.admitted(20, "b", TOKENS, 100)).isPresent());
        HandMade tooLate = new HandMade().admitted(10, "a", TOKENS, 60).admitted(20, "b", TOKENS, 100);
        assertTrue(check(tooLate.settled("a", 60, 0).refused(30, TOKENS, 60)).isPresent());
    }

    private static Optional<Violation> check(HandMade history) {
        return new BoundChecker().check(history.transcript());
    }

    private static HandMade charges(Charge charge, long... times) {
        HandMade history = new HandMade();
        for (long at : times) {
            history.admitted(at, charge, 1);
        }
        return history;
    }

    private static Charge one(Algorithm figures) {
        return new Charge("bucket", figures, 1, EndAction.KEEP);
    }
}
