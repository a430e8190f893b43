package dev.weir.bucket.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Outcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DecisionCheckerTest {
    private static final Charge ONE = new Charge("one", new Algorithm.SlidingWindow(2, 100), 1, EndAction.KEEP);
    private static final Charge NOTHING = new Charge("one", ONE.algorithm(), 0, EndAction.KEEP);
    private static final Charge OTHER = new Charge("other", new Algorithm.SlidingWindow(5, 100), 3, EndAction.KEEP);

    @Test
    void whatFitsIsAdmittedAndWhatDoesNotIsRefused() {
        assertEquals(Optional.empty(), check(new HandMade().admitted(1, ONE, 2).refused(2, ONE, 2)));
        assertEquals(
                Optional.empty(), check(new HandMade().admitted(1, NOTHING, 1).refused(2, NOTHING, 2)));
        assertEquals(Optional.empty(), check(new HandMade().refused(2, OTHER, 3)));
    }

    @Test
    void nothingIsAdmittedAboveTheLimit() {
        assertTrue(check(new HandMade().admitted(1, ONE, 3)).isPresent());
        assertTrue(check(new HandMade().admitted(1, NOTHING, 2)).isPresent());
    }

    @Test
    void nothingIsRefusedThatFits() {
        assertTrue(check(new HandMade().refused(1, ONE, 1)).isPresent());
        assertTrue(check(new HandMade().refused(1, OTHER, 2)).isPresent());
    }

    @Test
    void oneThatDoesNotFitIsEnoughAndOnlyItSaysSo() {
        assertEquals(Optional.empty(), check(bothRefused(new BucketStatus(1, 9, 0), new BucketStatus(3, 9, 9))));
        assertTrue(check(bothRefused(new BucketStatus(1, 9, 9), new BucketStatus(3, 9, 9)))
                .isPresent());
        assertTrue(check(bothRefused(new BucketStatus(1, 9, 0), new BucketStatus(3, 9, 0)))
                .isPresent());
    }

    private static HandMade bothRefused(BucketStatus one, BucketStatus other) {
        Admission both = new Admission(List.of(ONE, OTHER), null, 0);
        return new HandMade().call(new Moment(1, 1), both, new Outcome.Refused(List.of(one, other)));
    }

    private static Optional<Violation> check(HandMade history) {
        return new DecisionChecker().check(history.transcript());
    }
}
