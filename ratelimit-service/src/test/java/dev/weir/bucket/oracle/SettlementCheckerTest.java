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

class SettlementCheckerTest {
    private static final Charge TOKENS =
            new Charge("tokens", new Algorithm.SlidingWindow(100, 1_000), 60, EndAction.SETTLE);
    private static final Settled KEPT = new Settled(Settled.Kind.KEPT, 60, 60);

    @Test
    void oneOfManySettlementsTakesEffect() {
        assertEquals(
                Optional.empty(), check(admitted().settled("a", 60, 7).settling("a", Usage.of(9), Settled.UNKNOWN)));
        assertEquals(Optional.empty(), check(admitted().settling("a", Usage.UNKNOWN, KEPT)));
    }

    @Test
    void twoThatTakeEffectAreFound() {
        assertTrue(check(admitted().settled("a", 60, 7).settled("a", 60, 7)).isPresent());
        assertTrue(check(admitted().settled("a", 60, 7).settling("a", Usage.UNKNOWN, KEPT))
                .isPresent());
    }

    @Test
    void aReservationThatNobodyCouldSettleIsFound() {
        assertTrue(check(admitted()).isPresent());
        assertTrue(check(admitted().settling("a", Usage.of(9), Settled.UNKNOWN)).isPresent());
    }

    @Test
    void whatWasNeverGivenOutIsUnknown() {
        assertEquals(
                Optional.empty(), check(admitted().settled("a", 60, 7).settling("b", Usage.of(9), Settled.UNKNOWN)));
        assertTrue(check(admitted().settled("a", 60, 7).settled("b", 60, 7)).isPresent());
    }

    @Test
    void theAnswerTellsWhatWasHeldAndWhatStandsInItsPlace() {
        assertTrue(check(admitted().settled("a", 59, 7)).isPresent());
        assertTrue(check(admitted().settling("a", Usage.of(7), KEPT)).isPresent());
        assertTrue(check(admitted().settling("a", Usage.UNKNOWN, new Settled(Settled.Kind.SETTLED, 60, 0)))
                .isPresent());
    }

    private static HandMade admitted() {
        return new HandMade().admitted(10, "a", TOKENS, 60);
    }

    private static Optional<Violation> check(HandMade history) {
        return new SettlementChecker().check(history.admitted(20, TOKENS, 100).transcript());
    }
}
