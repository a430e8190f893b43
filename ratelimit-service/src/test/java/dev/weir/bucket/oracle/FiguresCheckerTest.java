package dev.weir.bucket.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FiguresCheckerTest {
    private static final Charge ONE = new Charge("requests", new Algorithm.SlidingWindow(2, 6_000), 1, EndAction.KEEP);
    private static final Charge TOKENS = tokens(new Algorithm.SlidingWindow(100, 6_000));
    private static final Charge REFILLING = tokens(Algorithm.TokenBucket.of(1, 100, 100));
    private static final Charge SLOT = new Charge("slots", new Algorithm.Parallel(9, 6_000), 1, EndAction.RELEASE);
    private static final Charge THIRTY = new Charge("tokens", TOKENS.algorithm(), 30, EndAction.KEEP);
    private static final Charge NOTHING = new Charge("tokens", TOKENS.algorithm(), 0, EndAction.KEEP);

    @Test
    void withoutSettlementsOneFigureIsRight() {
        assertEquals(Optional.empty(), check(twoOfTwo().refused(30, ONE, 2).admitted(6_020, ONE, 1)));
    }

    @Test
    void aRefusedRequestThatChargedIsFound() {
        assertTrue(check(twoOfTwo().refused(30, ONE, 2).refused(40, ONE, 3)).isPresent());
    }

    @Test
    void anAdmittedRequestThatDidNotChargeIsFound() {
        assertTrue(
                check(new HandMade().admitted(10, ONE, 1).admitted(20, ONE, 1)).isPresent());
    }

    @Test
    void aWindowThatForgetsTooEarlyOrTooLateIsFound() {
        assertTrue(check(twoOfTwo().admitted(6_019, ONE, 1)).isPresent());
        assertTrue(check(twoOfTwo().refused(6_020, ONE, 2)).isPresent());
    }

    @Test
    void whileItIsSettledBothFiguresAreRight() {
        assertEquals(Optional.empty(), check(toldMeanwhile(90)));
        assertEquals(Optional.empty(), check(toldMeanwhile(40)));
        assertTrue(check(toldMeanwhile(91)).isPresent());
        assertTrue(check(toldMeanwhile(39)).isPresent());
    }

    @Test
    void beforeAndAfterItWasSettledOneFigureIsRight() {
        assertEquals(Optional.empty(), check(estimate(60).settled("a", 60, 10).admitted(30, NOTHING, 10)));
        assertTrue(check(estimate(60).settled("a", 60, 10).admitted(30, NOTHING, 60))
                .isPresent());
        assertTrue(check(estimate(10).settled("a", 60, 10).admitted(30, NOTHING, 10))
                .isPresent());
    }

    @Test
    void aDebtIsChargedEvenWhereItDoesNotFit() {
        assertEquals(
                Optional.empty(),
                check(estimate(60)
                        .settled("a", 60, 170)
                        .refused(30, NOTHING, 170)
                        .admitted(40, ONE, 1)));
        assertTrue(check(estimate(60).settled("a", 60, 170).admitted(30, NOTHING, 60))
                .isPresent());
    }

    @Test
    void aRefundToATokenBucketIsWorthLessTheLaterItComes() {
        assertEquals(Optional.empty(), check(refundedTenUnitsLater(40)));
        assertTrue(check(refundedTenUnitsLater(30)).isPresent());
    }

    @Test
    void aSlotIsCountedUntilItIsFreed() {
        HandMade held = new HandMade()
                .admitted(10, "a", SLOT, 1)
                .admitted(20, "b", SLOT, 2)
                .settled("a", 0, 0);
        assertEquals(Optional.empty(), check(held.admitted(30, "c", SLOT, 2)));
        assertTrue(check(held.admitted(40, "d", SLOT, 2)).isPresent());
    }

    /** What somebody else is told while 60 are settled to 10. */
    private static HandMade toldMeanwhile(long used) {
        return estimate(60)
                .settled("a", 60, 10)
                .meanwhileAdmitted(20, THIRTY, used)
                .admitted(30, NOTHING, 40);
    }

    private static HandMade refundedTenUnitsLater(long used) {
        Charge nothing = new Charge("tokens", REFILLING.algorithm(), 0, EndAction.KEEP);
        return new HandMade()
                .admitted(0, "a", REFILLING, 60)
                .admitted(1_000, nothing, 50)
                .settled("a", 60, 40)
                .admitted(1_000, nothing, used);
    }

    private static HandMade twoOfTwo() {
        return new HandMade().admitted(10, ONE, 1).admitted(20, ONE, 2);
    }

    private static HandMade estimate(long used) {
        return new HandMade().admitted(10, "a", TOKENS, used);
    }

    private static Charge tokens(Algorithm figures) {
        return new Charge("tokens", figures, 60, EndAction.SETTLE);
    }

    private static Optional<Violation> check(HandMade history) {
        return new FiguresChecker().check(history.transcript());
    }
}
