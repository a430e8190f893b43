package dev.weir.bucket;

/**
 * How full a bucket is after a decision.
 *
 * @param used what counts now, the charge included where it was admitted
 * @param resetMicros until nothing of it counts any more; 0 where nothing counts, unless it is a {@link Algorithm.Counter}
 * @param retryMicros until a charge of the same amount would fit if nothing else comes; 0 where it fits at once and where a charge in
 *     shadow was taken, {@link #NEVER} where it is above the limit
 */
public record BucketStatus(long used, long resetMicros, long retryMicros) {
    public static final long NEVER = -1;

    /** Of a bucket of a refused request, or of a charge in shadow: whether it had no room. */
    public boolean refuses() {
        return retryMicros != 0;
    }
}
