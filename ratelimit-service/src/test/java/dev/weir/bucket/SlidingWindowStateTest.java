package dev.weir.bucket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R3.2, invariant 2: the window against a list of everything that was ever charged. */
class SlidingWindowStateTest {
    private static final int CHARGES = 20_000;

    private record Charged(long at, long amount) {}

    @ParameterizedTest
    @ValueSource(longs = {1_000_000, 1_234_567, 60_000_000, 86_400_000_000L})
    void noSpanOfTheWindowsLengthEverHoldsMoreThanTheLimitAndItReopensAtMostOneSixtiethLate(long windowMicros) {
        Random random = new Random(windowMicros);
        long limit = 50;
        Algorithm.SlidingWindow figures = new Algorithm.SlidingWindow(limit, windowMicros);
        long cell = figures.cellMicros();
        long now = ManualClock.START;
        SlidingWindowState window = new SlidingWindowState(figures, now);
        List<Charged> history = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < CHARGES; i++) {
            now += random.nextInt(10) == 0 ? random.nextLong(windowMicros) : random.nextLong(cell);
            long amount = random.nextLong(1, 6);
            if (window.fits(figures, amount, now)) {
                window.charge(figures, amount, now);
                history.add(new Charged(now, amount));
                assertTrue(since(history, now - windowMicros) <= limit, "over the limit at charge " + i);
            } else {
                refused++;
                assertTrue(since(history, now - windowMicros - 2 * cell) + amount > limit, "too late at charge " + i);
            }
        }
        assertTrue(refused > CHARGES / 20 && refused < CHARGES * 19 / 20, "a dull run: refused " + refused);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000_000, 1_234_567, 60_000_000, 86_400_000_000L})
    void nobodyIsToldToWaitLongerThanTheWindow(long windowMicros) {
        Random random = new Random(windowMicros);
        Algorithm.SlidingWindow figures = new Algorithm.SlidingWindow(20, windowMicros);
        long now = ManualClock.START;
        SlidingWindowState window = new SlidingWindowState(figures, now);
        long longest = 0;
        for (int i = 0; i < 10_000; i++) {
            now += random.nextLong(windowMicros / 20);
            if (window.fits(figures, 1, now)) {
                window.charge(figures, 1, now);
            }
            BucketStatus level = window.level(figures, 20, now);
            longest = Math.max(longest, Math.max(level.retryMicros(), level.resetMicros()));
        }
        assertEquals(windowMicros, longest, "a charge of the moment counts for a whole window");
    }

    private static long since(List<Charged> history, long start) {
        long sum = 0;
        for (int i = history.size() - 1; i >= 0 && history.get(i).at() > start; i--) {
            sum += history.get(i).amount();
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000_000, 7_654_321, 60_000_000})
    void retryIsTheVeryMomentAtWhichTheChargeFits(long windowMicros) {
        Random random = new Random(windowMicros);
        Algorithm.SlidingWindow figures = new Algorithm.SlidingWindow(20, windowMicros);
        long now = ManualClock.START;
        SlidingWindowState window = new SlidingWindowState(figures, now);
        for (int i = 0; i < 2_000; i++) {
            now += random.nextLong(windowMicros / 10);
            long amount = random.nextLong(1, 7);
            long retry = window.level(figures, amount, now).retryMicros();
            assertEquals(retry == 0, window.fits(figures, amount, now));
            if (retry > 0) {
                assertTrue(!window.fits(figures, amount, now + retry - 1), "would have fitted before");
                now += retry;
            }
            assertTrue(window.fits(figures, amount, now));
            window.charge(figures, amount, now);
        }
    }

    /** As of a bucket that was forgotten, and opened again when the clock had stepped back. */
    @Test
    void whatWasChargedInTimesToComeGivesNothingBack() {
        Algorithm.SlidingWindow figures = new Algorithm.SlidingWindow(100, 60_000_000);
        SlidingWindowState window = new SlidingWindowState(figures, ManualClock.START);
        for (int cell = 0; cell < SlidingWindowState.CELLS; cell++) {
            window.charge(figures, 1, ManualClock.START + cell * figures.cellMicros());
        }
        long now = ManualClock.START + (SlidingWindowState.CELLS - 1) * figures.cellMicros();
        long newest = now / figures.cellMicros();
        for (int ahead = 1; ahead < 200; ahead++) {
            window.settle(figures, newest + ahead, 1, 0, now);
        }
        assertEquals(60, window.level(figures, 0, now).used());
    }
}
