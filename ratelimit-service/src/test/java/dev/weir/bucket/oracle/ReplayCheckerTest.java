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

class ReplayCheckerTest {
    private static final Admission ONE = new Admission(
            List.of(new Charge("bucket", new Algorithm.SlidingWindow(1, 60), 1, EndAction.KEEP)), null, 0);
    private static final Moment FIRST = new Moment(1, 1_000);
    private static final Outcome TAKEN = new Outcome.Admitted(List.of(new BucketStatus(1, 60, 60)));

    @Test
    void whatASingleThreadWouldHaveBeenToldPasses() {
        assertEquals(Optional.empty(), check(new Moment(2, 1_059), refused(1, 1)));
        assertEquals(Optional.empty(), check(new Moment(2, 1_060), TAKEN));
    }

    @Test
    void anotherDecisionIsFound() {
        assertTrue(check(new Moment(2, 1_059), TAKEN).isPresent());
        assertTrue(check(new Moment(2, 1_060), refused(1, 60)).isPresent());
    }

    @Test
    void anotherFigureIsFound() {
        assertTrue(check(new Moment(2, 1_059), refused(2, 1)).isPresent());
        assertTrue(check(new Moment(2, 1_059), refused(1, 2)).isPresent());
    }

    private static Outcome refused(long used, long left) {
        return new Outcome.Refused(List.of(new BucketStatus(used, left, left)));
    }

    private static Optional<Violation> check(Moment moment, Outcome outcome) {
        HandMade history = new HandMade().call(FIRST, ONE, TAKEN).call(moment, ONE, outcome);
        return new ReplayChecker().check(history.transcript());
    }
}
