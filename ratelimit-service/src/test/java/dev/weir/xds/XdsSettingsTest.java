package dev.weir.xds;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a management server is tried again. */
class XdsSettingsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void chanceTakesOffAtMostItsPart() {
        Random random = new Random(6);
        Duration shortest = Duration.ofSeconds(10);
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 1_000; i++) {
            XdsSettings.Retry retry = retry(0.5);
            Duration wait = retry.pause(retry.ended(), 2, random.nextDouble());
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

    private static XdsSettings.Retry retry(double factor) {
        return XdsSettings.Retry.of(SECOND, SECOND, Duration.ofSeconds(10), factor);
    }
}
