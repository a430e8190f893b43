package dev.weir.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryScheduleTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void pausesDoubleUpToTheLongest() {
        RetrySchedule schedule = new RetrySchedule(SECOND, Duration.ofSeconds(10));

        assertEquals(
                List.of(1L, 2L, 4L, 8L, 10L, 10L),
                IntStream.range(0, 6)
                        .mapToObj(failures -> schedule.pause(failures).toSeconds())
                        .toList());
    }

    @Test
    void aFirstPauseAboveTheLongestIsCut() {
        assertEquals(SECOND, new RetrySchedule(Duration.ofMinutes(1), SECOND).pause(0));
    }

    @Test
    void manyFailuresAndLongPausesDoNotOverflow() {
        Duration centuries = Duration.ofDays(100_000);

        assertEquals(centuries, new RetrySchedule(SECOND, centuries).pause(Integer.MAX_VALUE));
        assertEquals(centuries, new RetrySchedule(centuries, centuries).pause(Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void withoutAnyTimeBetweenTriesThereIsNoSchedule(long millis) {
        Duration none = Duration.ofMillis(millis);

        assertThrows(IllegalArgumentException.class, () -> new RetrySchedule(none, SECOND));
        assertThrows(IllegalArgumentException.class, () -> new RetrySchedule(SECOND, none));
    }
}
