package dev.weir.bucket;

import dev.weir.measure.Measure;

/**
 * What one request asks of one bucket.
 *
 * @param bucket the bucket's name, unique among all domains, limits, algorithms and windows
 * @param algorithm how the bucket counts
 * @param measure what the amount is of, so that a settlement knows which of its amounts takes its place
 * @param amount what to take; 0 asks for room without taking any; below 0 it is given back, whether the request is admitted or not
 * @param shadow the request does not depend on it: with room for the amount it is taken if the request is admitted, without it is not,
 *     and either way the bucket tells, by {@link BucketStatus#refuses}, whether it would have refused
 */
public record Charge(
        String bucket, Algorithm algorithm, Measure measure, long amount, EndAction atEnd, boolean shadow) {
    /** One that the request depends on, of the measure that mostly ends so: tokens are settled, slots are freed, requests stay. */
    public Charge(String bucket, Algorithm algorithm, long amount, EndAction atEnd) {
        this(bucket, algorithm, amount, atEnd, false);
    }

    /** The same, in shadow or not. */
    public Charge(String bucket, Algorithm algorithm, long amount, EndAction atEnd, boolean shadow) {
        this(bucket, algorithm, usual(atEnd), amount, atEnd, shadow);
    }

    private static Measure usual(EndAction atEnd) {
        return switch (atEnd) {
            case KEEP -> Measure.REQUESTS;
            case SETTLE -> Measure.TOKENS;
            case RELEASE -> Measure.PARALLEL;
        };
    }

    /** How long its slot is kept without a sign of life, in microseconds; 0 where it takes none. */
    public long slotMicros() {
        return slotMicros(algorithm, atEnd);
    }

    /** The same for a charge of which no more is known. */
    public static long slotMicros(Algorithm algorithm, EndAction atEnd) {
        return atEnd == EndAction.RELEASE && algorithm instanceof Algorithm.Parallel parallel
                ? parallel.leaseMicros()
                : 0;
    }
}
