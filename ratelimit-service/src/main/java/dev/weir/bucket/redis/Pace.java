package dev.weir.bucket.redis;

/**
 * Learns how long the store takes for a batch, from those that it answered of late: a fixed part, such as the way there and back, and a
 * part for each unit of weight. That distinguishes a store that is far away from one that is slow, which only smaller batches help.
 *
 * <p>The two parts are the least-squares line through weights and times; each batch makes the earlier ones count a tenth less. The mean
 * deviation is weighted as in V. Jacobson, Congestion Avoidance and Control, 1988. The slow start is from there too: a batch is at most
 * twice as heavy as those that were answered of late, and after one that was not answered it is a single item, so that a store that hangs
 * is asked for as little as can be.
 *
 * <p>Times are in nanoseconds. Not thread-safe.
 */
final class Pace {
    private static final double MEMORY = 0.9;
    private static final double DEVIATION_GAIN = 0.25;
    private static final double DEVIATIONS = 2;
    private static final double GROWTH = 2;
    /** The time that any batch may take, in nanoseconds. */
    private static final double LEAST = 1_000_000;

    /** The least variance that tells: weights that differ by less than a tenth or so say little about what one unit takes. */
    private static final double LEAST_VARIANCE = 1e-2;

    private double count;
    private double weights;
    private double times;
    private double squares;
    private double products;

    private double fixed;
    private double perUnit;
    private double deviation;
    /** The weight of the batches that were answered of late. */
    private double proven;

    /** Learns from a batch that was answered, be it with an error. */
    void answered(int weight, long nanos) {
        proven = Math.max(weight, proven * MEMORY);
        learn(weight, nanos);
    }

    /** Learns from a batch that was given up after {@code nanos}: it would have taken longer. */
    void unanswered(int weight, long nanos) {
        proven = 0;
        if (nanos > expected(weight)) {
            learn(weight, nanos);
        }
    }

    /** Counts a time for no more than about twice what may be expected: one pause says little, a few batches show that it lasts. */
    private void learn(double weight, long taken) {
        double most = GROWTH * (expected(weight) + slack()) + LEAST;
        double nanos = count > 0 ? Math.min((double) taken, most) : (double) taken;
        if (count > 0) {
            deviation += DEVIATION_GAIN * (Math.abs(nanos - expected(weight)) - deviation);
        }
        count = MEMORY * count + 1;
        weights = MEMORY * weights + weight;
        times = MEMORY * times + nanos;
        squares = MEMORY * squares + weight * weight;
        products = MEMORY * products + weight * nanos;
        double meanWeight = weights / count;
        double meanTime = times / count;
        double variance = squares / count - meanWeight * meanWeight;
        double slope = variance > LEAST_VARIANCE * meanWeight * meanWeight
                ? (products / count - meanWeight * meanTime) / variance
                : unvaried(meanWeight, meanTime);
        perUnit = Math.max(0, Math.min(slope, meanTime / meanWeight));
        fixed = meanTime - perUnit * meanWeight;
    }

    /** Returns the slope if both parts have changed alike. At first all is taken for fixed: only a heavier batch can show otherwise. */
    private double unvaried(double meanWeight, double meanTime) {
        double known = expected(meanWeight);
        return known > 0 ? perUnit * meanTime / known : 0;
    }

    /** Returns how long a batch of that weight is expected to take. */
    double expected(double weight) {
        return fixed + perUnit * weight;
    }

    /** Returns how long all that waits is expected to take, in batches whose work takes {@code share}; a slow start is soon over. */
    double expectedInBatches(double weight, double share) {
        double work = perUnit * weight;
        return Math.max(1, Math.ceil(work / share)) * fixed + work;
    }

    /** Returns by how much more than expected it may well take. */
    double slack() {
        return DEVIATIONS * deviation;
    }

    /**
     * Returns the heaviest batch to send next.
     *
     * @param share how long it may take beyond the fixed part
     * @return at least 1
     */
    double heaviest(double share) {
        double start = Math.max(1, GROWTH * proven);
        return perUnit * start <= share ? start : Math.max(1, share / perUnit);
    }
}
