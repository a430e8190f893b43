package dev.weir.bucket.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Outcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrderCheckerTest {
    private final OrderChecker checker = new OrderChecker();

    @Test
    void oneCallAfterTheOtherIsInOrder() {
        assertEquals(Optional.empty(), check(admitted(1, 10, 0, 5), refused(2, 11, 6, 9), admitted(3, 11, 10, 12)));
    }

    @Test
    void callsAtTheSameTimeMayStandInAnyOrder() {
        assertEquals(Optional.empty(), check(admitted(2, 10, 0, 9), admitted(1, 10, 1, 9), refused(3, 10, 2, 9)));
    }

    @Test
    void aSerialIsGivenOnce() {
        assertTrue(check(admitted(1, 10, 0, 5), admitted(1, 11, 6, 9)).isPresent());
        assertTrue(check(admitted(1, 10, 0, 5), refused(1, 11, 6, 9)).isPresent());
    }

    @Test
    void aGapMeansThatSomethingElseWasCharged() {
        assertTrue(check(admitted(1, 10, 0, 5), refused(3, 11, 6, 9)).isPresent());
        assertTrue(check(admitted(1, 10, 0, 5), admitted(3, 11, 6, 9)).isPresent());
    }

    @Test
    void timeDoesNotGoBack() {
        assertTrue(check(admitted(1, 10, 0, 5), admitted(2, 9, 0, 5)).isPresent());
    }

    @Test
    void noCallSeesLessThanWhatWasAnsweredBeforeItWasSent() {
        assertTrue(check(admitted(1, 10, 0, 5), admitted(3, 11, 6, 9), refused(2, 10, 10, 12))
                .isPresent());
        assertTrue(check(admitted(2, 11, 0, 5), admitted(3, 12, 1, 20), admitted(1, 10, 6, 9))
                .isPresent());
    }

    private Optional<Violation> check(Asked... asked) {
        return checker.check(new Transcript(List.of(asked), List.of()));
    }

    private static Asked admitted(long serial, long at, long sent, long answered) {
        return asked(new Outcome.Admitted(List.of()), new Moment(serial, at), sent, answered);
    }

    private static Asked refused(long serial, long at, long sent, long answered) {
        return asked(new Outcome.Refused(List.of()), new Moment(serial, at), sent, answered);
    }

    private static Asked asked(Outcome outcome, Moment moment, long sent, long answered) {
        return new Asked(0, 0, new Admission(List.of(), null, 0), outcome, moment, sent, answered);
    }
}
