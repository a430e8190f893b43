package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MILLI = 1_000_000;
    private static final long SHARE = 50 * MILLI;

    private final Pace pace = new Pace();

    /** A store that takes {@code fixed} milliseconds for a batch and {@code perUnit} for each unit of weight. */
    private void answers(double fixed, double perUnit, int... weights) {
        for (int weight : weights) {
            pace.answered(weight, (long) ((fixed + perUnit * weight) * MILLI));
        }
    }

    @Test
    void whatIsNotKnownIsNotFeared() {
        assertEquals(0, pace.expected(100));
        assertEquals(0, pace.slack());
        assertEquals(1, pace.heaviest(SHARE), "but nothing is proven either");
    }

    @Test
    void aStoreThatIsFarAwayIsToldFromOneThatIsSlow() {
        answers(80, 0.02, 40, 60, 90, 130, 100, 120, 110);
        assertEquals(80.02 * MILLI, pace.expected(1), 0.01 * MILLI);
        assertEquals(85 * MILLI, pace.expected(250), 0.01 * MILLI);
        assertTrue(pace.heaviest(SHARE) > 200, "smaller batches would not help");

        answers(1, 2, 40, 60, 50, 30, 20, 25, 30, 22, 27, 25, 24, 26, 25, 23, 25, 26, 24, 25, 27, 23, 25, 26, 25);
        assertTrue(pace.heaviest(SHARE) <= 50);
        assertEquals(51 * MILLI, pace.expected(25), 3 * MILLI);
    }

    @Test
    void batchesOfOneWeightDoNotTellWhatTakesTheTimeSoAHeavierOneIsTried() {
        answers(0, 1.5, 1, 1, 1);
        assertEquals(2, pace.heaviest(MILLI));
        answers(0, 1.5, 2);
        assertEquals(1.5 * MILLI, pace.expected(1), 1);
        assertEquals(1, pace.heaviest(MILLI));
    }

    @Test
    void batchesOfOneWeightThatTakeLongerThanBeforeTakeLongerInBothParts() {
        answers(10, 1, 30, 20, 25, 40, 30);
        answers(30, 3, IntStream.range(0, 60).map(i -> 30).toArray());
        assertEquals(120 * MILLI, pace.expected(30), MILLI);
        assertTrue(pace.heaviest(SHARE) < 30, "so that lighter ones are tried");
    }

    @Test
    void aSlowStoreGetsBatchesThatItDoesInTimeHoweverUnevenItIs() {
        Random random = new Random(7);
        int heaviest = 0;
        double work = 0;
        for (int i = 0; i < 200; i++) {
            int weight = (int) pace.heaviest(SHARE);
            long nanos = (long) ((0.5 + 1.56 * weight * (0.8 + 0.4 * random.nextDouble())) * MILLI);
            pace.answered(weight, nanos);
            heaviest = Math.max(heaviest, weight);
            work += weight;
        }
        assertTrue(heaviest <= 128, "no batch of " + heaviest + " takes 200 ms");
        assertEquals(32, work / 200, 8, "on average a share of the time");
    }

    @Test
    void aBatchIsAtMostTwiceAsHeavyAsThoseThatWereAnswered() {
        answers(0.2, 0.01, 1);
        assertEquals(2, pace.heaviest(SHARE));
        answers(0.2, 0.01, 2, 4, 8);
        assertEquals(16, pace.heaviest(SHARE));
        answers(0.2, 0.01, 1);
        assertEquals(14.4, pace.heaviest(SHARE), 0.01, "which is forgotten slowly");
    }

    @Test
    void afterOneThatWasNotAnsweredASingleOneIsTried() {
        answers(0.2, 0.01, 100, 90, 110);
        pace.unanswered(100, 200 * MILLI);
        assertEquals(1, pace.heaviest(SHARE));
        assertTrue(pace.expected(100) < 5 * MILLI, "though one pause says little of the pace");
        answers(0.2, 0.01, IntStream.range(0, 60).map(i -> 1 << Math.min(i, 7)).toArray());
        assertEquals(256, pace.heaviest(SHARE));
        assertEquals(0.2 + 1.28, pace.expected(128) / MILLI, 0.2, "and then all is forgotten");
        assertTrue(pace.slack() < MILLI);
    }

    @Test
    void aPauseSaysLittleAndAFewBatchesInARowSayThatItIsNone() {
        answers(0.2, 0.01, 10, 12, 9, 11, 10, 8);
        pace.answered(10, 150 * MILLI);
        assertTrue(pace.expected(10) + pace.slack() < 2 * MILLI);
        answers(60, 0, IntStream.range(0, 12).map(i -> 10).toArray());
        assertTrue(pace.expected(10) + pace.slack() > 60 * MILLI);
    }

    @Test
    void aConnectionThatIsDownSaysNothingOfThePace() {
        answers(5, 0, 10, 12, 9);
        pace.unanswered(10, 1_000);
        assertEquals(5 * MILLI, pace.expected(1), 0.1 * MILLI);
        assertEquals(1, pace.heaviest(SHARE));
    }

    @Test
    void whatWaitsTakesABatchAfterTheOther() {
        answers(10, 1, 10, 20, 40, 30, 50);
        assertEquals(50, pace.heaviest(SHARE), 0.1);
        assertEquals(4 * 10 + 175, pace.expectedInBatches(175, SHARE) / MILLI, 0.1);
    }
}
