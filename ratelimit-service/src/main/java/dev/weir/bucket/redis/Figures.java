package dev.weir.bucket.redis;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Periods;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Writes an algorithm as the scripts read it: its kind and four figures. */
final class Figures {
    /** By how much this machine's clock may be ahead of the store's without a calendar period beginning too early. */
    private static final long CLOCK_SKEW_MICROS = 60_000_000;

    private Figures() {}

    /** @param time the time that the script is given, in microseconds; empty where it takes the store's */
    static void add(Algorithm algorithm, String time, List<String> arguments) {
        if (algorithm instanceof Algorithm.Sliding sliding) {
            add(arguments, "s", sliding.cellMicros(), 0, 0, 0);
        } else if (algorithm instanceof Algorithm.Refilling refilling) {
            add(arguments, "t", refilling.sharesPerMicro(), refilling.sharesPerUnit(), 0, 0);
        } else if (algorithm instanceof Algorithm.Fixed fixed) {
            addPeriods(fixed.periods(), time, arguments);
        } else if (algorithm instanceof Algorithm.Parallel parallel) {
            add(arguments, "p", parallel.expiryMicros(), 0, 0, 0);
        }
    }

    /**
     * The store cannot reckon calendars, so it gets the current period and the next, and picks by its own clock. A minute after
     * a boundary the current one is still the one before.
     */
    private static void addPeriods(Periods periods, String time, List<String> arguments) {
        if (periods instanceof Periods.Every every) {
            add(arguments, "f", every.micros(), 0, 0, 0);
            return;
        }
        long now = time.isEmpty() ? ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) : Long.parseLong(time);
        Periods.Span current = periods.at(now - CLOCK_SKEW_MICROS);
        add(
                arguments,
                "f",
                0,
                current.start(),
                current.end(),
                periods.at(current.end()).end());
    }

    private static void add(List<String> arguments, String kind, long a, long b, long c, long d) {
        arguments.add(kind);
        arguments.add(Long.toString(a));
        arguments.add(Long.toString(b));
        arguments.add(Long.toString(c));
        arguments.add(Long.toString(d));
    }
}
