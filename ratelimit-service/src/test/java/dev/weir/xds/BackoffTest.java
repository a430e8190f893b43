package dev.weir.xds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Issue 6, 3: reconnect with backoff. */
class BackoffTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void theWaitDoublesUpToTheLongestAndBeginsAnewAfterAReset() {
        Backoff backoff = new Backoff(retry(0.5), () -> 0);
        for (int seconds : new int[] {1, 2, 4, 8, 10, 10}) {
            assertEquals(Duration.ofSeconds(seconds), backoff.next(SECOND));
        }
        backoff.reset();
        assertEquals(SECOND, backoff.next(SECOND));
    }

    @Test
    void manyFailuresDoNotOverflow() {
        Backoff backoff = new Backoff(retry(0), () -> 0);
        for (int i = 0; i < 1_000; i++) {
            backoff.next(SECOND);
        }
        assertEquals(Duration.ofSeconds(10), backoff.next(SECOND));
    }

    @Test
    void chanceTakesOffAtMostItsPart() {
        Random random = new Random(6);
        Duration shortest = Duration.ofSeconds(10);
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 1_000; i++) {
            Duration wait = new Backoff(retry(0.5), random::nextDouble).next(Duration.ofSeconds(4));
            shortest = wait.compareTo(shortest) < 0 ? wait : shortest;
            longest = wait.compareTo(longest) > 0 ? wait : longest;
        }
        assertTrue(shortest.toMillis() >= 2_000 && shortest.toMillis() < 2_100, shortest::toString);
        assertTrue(longest.toMillis() <= 4_000 && longest.toMillis() > 3_900, longest::toString);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void aPartThatLeavesNoWaitIsRefused(double factor) {
        assertThrows(IllegalArgumentException.class, () -> retry(factor));
    }

    @Test
    void noWaitIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new XdsSettings.Retry(SECOND, Duration.ZERO, SECOND, 0));
    }

    private static XdsSettings.Retry retry(double factor) {
        return new XdsSettings.Retry(SECOND, SECOND, Duration.ofSeconds(10), factor);
    }
}
