package dev.weir.retry;

import java.time.Duration;

/**
 * Pauses between tries that double from one to the next, up to a longest one.
 *
 * @param first the pause after the first failure, above zero
 * @param longest the longest pause, above zero
 */
public record RetrySchedule(Duration first, Duration longest) {
    /** Checks the pauses; one that is not above zero is an {@link IllegalArgumentException}. */
    public RetrySchedule {
        if (!isPositive(first) || !isPositive(longest)) {
            throw new IllegalArgumentException("between two tries there must be some time");
        }
    }

    private static boolean isPositive(Duration pause) {
        return !pause.isNegative() && !pause.isZero();
    }

    /**
     * Returns the pause before the next try.
     *
     * @param failures how many tries have failed in a row before the last one, from 0 on
     */
    public Duration pause(int failures) {
        Duration pause = first;
        for (int i = 0; i < failures && pause.compareTo(longest) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(longest) < 0 ? pause : longest;
    }
}
