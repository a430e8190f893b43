package dev.weir.bucket.redis;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Periods;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Writes algorithms as the scripts read them: a number for each, four figures, and the limit. */
final class AlgorithmCodec {
    private static final int DOUBLES = 6;
    /** By how much this machine's clock may be ahead of the store's without a calendar period beginning too early. */
    private static final long CLOCK_SKEW_MICROS = 60_000_000;

    private AlgorithmCodec() {}

    /** @param time the time that the script is given, in microseconds; empty where it takes the store's */
    static byte[] of(List<Algorithm> algorithms, String time) {
        Doubles figures = Doubles.toWrite(DOUBLES * algorithms.size());
        for (Algorithm algorithm : algorithms) {
            if (algorithm instanceof Algorithm.Sliding sliding) {
                put(figures, 1, sliding.cellMicros(), 0, 0, 0).put(sliding.limit());
            } else if (algorithm instanceof Algorithm.Refilling refilling) {
                put(figures, 2, refilling.sharesPerMicro(), refilling.sharesPerUnit(), 0, 0)
                        .put(refilling.burst());
            } else if (algorithm instanceof Algorithm.Fixed fixed) {
                putPeriods(figures, fixed.periods(), time).put(fixed.limit());
            } else if (algorithm instanceof Algorithm.Parallel parallel) {
                put(figures, 4, parallel.leaseMicros(), 0, 0, 0).put(parallel.limit());
            } else if (algorithm instanceof Algorithm.Counting counting) {
                put(figures, 5, counting.periods().micros(), 0, 0, 0).put(counting.limit());
            }
        }
        return figures.bytes();
    }

    /**
     * The store cannot reckon calendars, so it gets the current period and the next, and picks by its own clock. A minute after
     * a boundary the current one is still the one before.
     */
    private static Doubles putPeriods(Doubles figures, Periods periods, String time) {
        if (periods instanceof Periods.Every every) {
            return put(figures, 3, every.micros(), 0, 0, 0);
        }
        long now = time.isEmpty() ? ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) : Long.parseLong(time);
        Periods.Span current = periods.at(now - CLOCK_SKEW_MICROS);
        Periods.Span next = periods.at(current.end());
        return put(figures, 3, -periods.longestMicros(), current.start(), current.end(), next.end());
    }

    private static Doubles put(Doubles figures, int algorithm, long a, long b, long c, long d) {
        return figures.put(algorithm).put(a).put(b).put(c).put(d);
    }
}
