package dev.weir.bucket.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Periods;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invariant 6 in memory: days follow a system's clock that is corrected, and no day is counted twice. */
class CalendarClockTest {
    private static final long MINUTE = 60_000_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long MIDNIGHT = ManualClock.START - ManualClock.START % DAY + DAY;
    private static final Algorithm DAILY =
            new Algorithm.FixedWindow(10, new Periods.Calendar(ChronoUnit.DAYS, ZoneOffset.UTC));

    private final ManualClock now = new ManualClock();
    private final ManualClock system = new ManualClock();
    private final MemoryBuckets buckets;

    CalendarClockTest() {
        system.set(MIDNIGHT - 2 * HOUR);
        buckets = new MemoryBuckets(1_000, now, new CalendarClock(now, system));
    }

    @Test
    void aDayEndsAtMidnight() {
        assertEquals(10, admitted(DAILY));
        pass(2 * HOUR - 1);
        assertEquals(0, admitted(DAILY));
        pass(1);
        assertEquals(10, admitted(DAILY));
    }

    /** A machine that was suspended wakes up so. */
    @Test
    void aClockThatIsPutForwardOverMidnightBeginsANewDay() {
        assertEquals(10, admitted(DAILY));
        put(8 * HOUR);
        assertEquals(10, admitted(DAILY));
        pass(18 * HOUR - 1);
        assertEquals(0, admitted(DAILY));
        pass(1);
        assertEquals(10, admitted(DAILY));
    }

    @Test
    void aClockThatIsPutBackWithinTheDayEndsItAtTheCorrectedMidnight() {
        assertEquals(10, admitted(DAILY));
        put(-HOUR);
        assertEquals(0, admitted(DAILY));
        pass(3 * HOUR - 2_000_000);
        assertEquals(0, admitted(DAILY));
        pass(2_000_000);
        assertEquals(10, admitted(DAILY));
    }

    @Test
    void aClockThatIsPutBackOverMidnightDoesNotCountTheDayTwice() {
        pass(2 * HOUR);
        assertEquals(10, admitted(DAILY));
        put(-HOUR);
        assertEquals(0, admitted(DAILY));
        pass(HOUR);
        assertEquals(0, admitted(DAILY));
        pass(DAY - 2_000_000);
        assertEquals(0, admitted(DAILY));
        pass(2_000_000);
        assertEquals(10, admitted(DAILY));
    }

    @Test
    void aDayThatWasForgottenAtAFalseMidnightIsNotCountedAgain() {
        assertEquals(10, admitted(DAILY));
        put(3 * HOUR);
        for (int i = 0; i < 1_000; i++) {
            ask("other-" + i, new Algorithm.SlidingWindow(10, MINUTE));
        }
        pass(2 * MINUTE);
        assertEquals(10, admitted(DAILY));
        put(-3 * HOUR);
        assertEquals(0, admitted(DAILY));
    }

    @Test
    void aClockThatWasAYearAheadKeepsNoDayFromEnding() {
        put(365 * DAY);
        assertEquals(10, admitted(DAILY));
        put(-365 * DAY);
        assertEquals(0, admitted(DAILY));
        pass(4 * HOUR - 1_000_000);
        assertEquals(0, admitted(DAILY));
        pass(1_000_000);
        assertEquals(10, admitted(DAILY));
    }

    @ParameterizedTest
    @ValueSource(longs = {8 * HOUR, -8 * HOUR, 400 * DAY, -400 * DAY})
    void windowsOfALengthDoNotNoticeACorrection(long step) {
        List<Algorithm> lengths = List.of(
                new Algorithm.SlidingWindow(10, MINUTE),
                Algorithm.TokenBucket.of(10, MINUTE, 10),
                new Algorithm.FixedWindow(10, new Periods.Every(HOUR)));
        lengths.forEach(algorithm -> assertEquals(10, admitted(algorithm)));
        put(step);
        lengths.forEach(algorithm -> assertEquals(0, admitted(algorithm), algorithm::toString));
        pass(HOUR);
        lengths.forEach(algorithm -> assertEquals(10, admitted(algorithm), algorithm::toString));
    }

    @Test
    void theCalendarNeverGoesBackAndIsRightAgainWhenItHasBeenCaughtUpWith() {
        CalendarClock calendar = new CalendarClock(now, system);
        long before = calendar.applyAsLong(now.getAsLong());
        for (long step : List.of(0L, -500_000L, -HOUR, 2 * HOUR, -30 * HOUR, -1L, 90 * DAY, -80 * DAY)) {
            put(step);
            for (int i = 0; i < 100; i++) {
                long time = calendar.applyAsLong(now.getAsLong());
                assertTrue(time >= before);
                before = time;
                pass(MINUTE);
            }
        }
        pass(200 * DAY);
        calendar.applyAsLong(now.getAsLong());
        pass(DAY);
        assertTrue(Math.abs(system.getAsLong() - calendar.applyAsLong(now.getAsLong())) <= 1_000_000);
    }

    /** Time passes for both clocks. */
    private void pass(long micros) {
        now.set(now.getAsLong() + micros);
        put(micros);
    }

    /** The system's clock is put forward or back. */
    private void put(long micros) {
        system.set(system.getAsLong() + micros);
    }

    private int admitted(Algorithm algorithm) {
        int admitted = 0;
        for (int i = 0; i < 20; i++) {
            admitted += ask("bucket-" + algorithm, algorithm) instanceof Outcome.Admitted ? 1 : 0;
        }
        return admitted;
    }

    private Outcome ask(String bucket, Algorithm algorithm) {
        Charge charge = new Charge(bucket, algorithm, 1, EndAction.KEEP);
        return buckets.admit(new Admission(List.of(charge), null, 0))
                .toCompletableFuture()
                .join();
    }
}
