package dev.weir.bucket;

/**
 * The level of a bucket after a decision.
 *
 * @param used what counts now, including the charge where it was admitted
 * @param resetMicros how long until nothing of it counts any more; 0 where nothing counts, unless it is a {@link Algorithm.Counter}
 * @param retryMicros how long until a charge of the same amount would fit if nothing else comes; 0 where it fits at once and where a charge
 *     in shadow was taken, {@link #NEVER} where it is above the limit
 */
public record BucketStatus(long used, long resetMicros, long retryMicros) {
    public static final long NEVER = -1;

    /** Returns whether the bucket of a refused request, or of a charge in shadow, had no room. */
    public boolean refuses() {
        return retryMicros != 0;
    }
}
