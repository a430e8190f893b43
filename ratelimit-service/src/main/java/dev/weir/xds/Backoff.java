package dev.weir.xds;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** How long to wait before the next try. Not thread-safe. */
final class Backoff {
    private static final int MOST_DOUBLINGS = 30;

    private final XdsSettings.Retry retry;
    private final DoubleSupplier random;
    private int failures;

    /** @param random from 0 to below 1 */
    Backoff(XdsSettings.Retry retry, DoubleSupplier random) {
        this.retry = retry;
        this.random = random;
    }

    /** Doubles with each failure since the last {@link #reset}, and is never above the longest. */
    Duration next(Duration initial) {
        double grown = initial.toNanos() * (double) (1L << Math.min(failures++, MOST_DOUBLINGS));
        double capped = Math.min(grown, (double) retry.max().toNanos());
        return Duration.ofNanos((long) (capped * (1 - retry.randomFactor() * random.getAsDouble())));
    }

    void reset() {
        failures = 0;
    }
}
