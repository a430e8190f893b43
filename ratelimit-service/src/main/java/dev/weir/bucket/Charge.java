package dev.weir.bucket;

/**
 * What one request asks of one bucket.
 *
 * @param bucket the bucket's name, unique among all domains, limits, algorithms and windows
 * @param algorithm how the bucket counts
 * @param amount what to take; 0 asks for room without taking any; below 0 it is given back, whether the request is admitted or not
 * @param shadow the request does not depend on it: with room for the amount it is taken if the request is admitted, without it is not,
 *     and either way the bucket tells, by {@link BucketStatus#refuses}, whether it would have refused
 */
public record Charge(String bucket, Algorithm algorithm, long amount, EndAction atEnd, boolean shadow) {
    /** One that the request depends on. */
    public Charge(String bucket, Algorithm algorithm, long amount, EndAction atEnd) {
        this(bucket, algorithm, amount, atEnd, false);
    }

    /** How long its slot is kept without a sign of life, in microseconds; 0 where it takes none. */
    public long slotMicros() {
        return slotMicros(algorithm, atEnd);
    }

    /** The same for a charge of which no more is known. */
    public static long slotMicros(Algorithm algorithm, EndAction atEnd) {
        return atEnd == EndAction.FREES && algorithm instanceof Algorithm.Parallel parallel
                ? parallel.leaseMicros()
                : 0;
    }
}
