package dev.weir.bucket;

import dev.weir.measure.Measure;

/**
 * A claim of one request on one bucket.
 *
 * @param bucket the bucket's name, unique among all domains, limits, algorithms and windows
 * @param algorithm how the bucket counts
 * @param measure what the amount is of, so that a settlement knows which of its amounts replaces it
 * @param amount what to take; 0 asks for room without taking any; an amount below 0 is given back, whether or not the request is admitted
 * @param shadow whether the request does not depend on it: it is taken if the request is admitted and there is room for it, and either way
 *     {@link BucketStatus#refuses} tells whether the bucket would have refused
 */
public record Charge(
        String bucket, Algorithm algorithm, Measure measure, long amount, EndAction atEnd, boolean shadow) {
    /** Makes a charge that the request depends on, of the usual measure: tokens are settled, slots are freed, requests stay. */
    public Charge(String bucket, Algorithm algorithm, long amount, EndAction atEnd) {
        this(bucket, algorithm, amount, atEnd, false);
    }

    /** Makes the same, in shadow or not. */
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

    /** Returns how long its slot is kept without a sign of life, in microseconds; 0 where it takes none. */
    public long slotMicros() {
        return slotMicros(algorithm, atEnd);
    }

    /** Returns the same for a charge of which no more is known. */
    public static long slotMicros(Algorithm algorithm, EndAction atEnd) {
        return atEnd == EndAction.RELEASE && algorithm instanceof Algorithm.Parallel parallel
                ? parallel.leaseMicros()
                : 0;
    }
}
