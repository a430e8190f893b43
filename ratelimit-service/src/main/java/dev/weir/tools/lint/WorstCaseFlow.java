package dev.weir.tools.lint;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Periods;
import java.util.Optional;

/** Tells how much a bucket lets through in the time that another one looks at. */
final class WorstCaseFlow {
    private static final long SECOND = 1_000_000;
    private static final long DAY = 86_400 * SECOND;

    /**
     * The span of time that a bucket looks at when it counts.
     *
     * @param micros its length
     * @param grid it begins at multiples of this, in microseconds
     */
    private record View(long micros, long grid) {
        /** Returns how many spans of this length, which begin at multiples of it, it meets at most. */
        long meets(long length) {
            return (length - gcd(grid, length) + micros - 1) / length + 1;
        }

        private static long gcd(long a, long b) {
            return b == 0 ? a : gcd(b, a % b);
        }
    }

    private WorstCaseFlow() {}

    /** Returns whether a bucket is no larger than another and counts in the same way, so that it is never emptier. */
    static boolean coversAlike(Algorithm bucket, Algorithm other) {
        return bucket.most() <= other.most() && countAlike(bucket, other);
    }

    private static boolean countAlike(Algorithm bucket, Algorithm other) {
        if (bucket instanceof Algorithm.TokenBucket one && other instanceof Algorithm.TokenBucket two) {
            return one.sharesPerMicro() == two.sharesPerMicro() && one.sharesPerUnit() == two.sharesPerUnit();
        }
        return bucket.id().equals(other.id());
    }

    /** Returns whether all that a bucket lets through fits into another one. */
    static boolean covers(Algorithm bucket, Algorithm other) {
        return view(other)
                .flatMap(view -> mostWithin(bucket, view))
                .filter(most -> most <= other.most())
                .isPresent();
    }

    /** Returns the most that a bucket lets through; empty where that is unknown or beyond all limits. */
    private static Optional<Long> mostWithin(Algorithm bucket, View view) {
        if (bucket instanceof Algorithm.SlidingWindow sliding) {
            // No 61 cells in a row hold more than the limit.
            return times(sliding.limit(), ceilDiv(view.meets(sliding.cellMicros()), Algorithm.SlidingWindow.CELLS));
        }
        if (bucket instanceof Algorithm.FixedWindow fixed && fixed.periods() instanceof Periods.Every every) {
            return times(fixed.limit(), view.meets(every.micros()));
        }
        return bucket instanceof Algorithm.TokenBucket refilling
                ? times(refilling.sharesPerMicro(), view.micros())
                        .map(shares -> shares / refilling.sharesPerUnit() + refilling.burst())
                : Optional.empty();
    }

    /** Returns the view of a window; empty for other buckets, such as a token bucket, which looks at every span. */
    private static Optional<View> view(Algorithm algorithm) {
        if (algorithm instanceof Algorithm.SlidingWindow sliding) {
            long cell = sliding.cellMicros();
            return Optional.of(new View(Algorithm.SlidingWindow.CELLS * cell, cell));
        }
        if (algorithm instanceof Algorithm.FixedWindow fixed) {
            return Optional.of(
                    fixed.periods() instanceof Periods.Every every
                            ? new View(every.micros(), every.micros())
                            : new View(longest((Periods.Calendar) fixed.periods()), SECOND));
        }
        return Optional.empty();
    }

    /** Returns a day more than the longest period has, because clocks are put back. */
    private static long longest(Periods.Calendar calendar) {
        return switch (calendar.unit()) {
            case DAYS -> 2 * DAY;
            case WEEKS -> 8 * DAY;
            default -> 32 * DAY;
        };
    }

    private static Optional<Long> times(long amount, long many) {
        return amount > Long.MAX_VALUE / 4 / many ? Optional.empty() : Optional.of(amount * many);
    }

    private static long ceilDiv(long span, long length) {
        return (span + length - 1) / length;
    }
}
