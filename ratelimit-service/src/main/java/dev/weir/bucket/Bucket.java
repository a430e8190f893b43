package dev.weir.bucket;

/**
 * The state of one bucket. Times are microseconds and may not go back: an earlier time counts as the latest one seen.
 * Not thread-safe. The figures come with every call, see {@link Algorithm}; they are of the kind that opened the bucket.
 */
public interface Bucket {
    /** Returns whether {@code amount} still fits. A charge of nothing fits where one unit would: a used-up limit admits nothing. */
    boolean fits(Algorithm figures, long amount, long now);

    /**
     * Adds {@code amount}, whether or not it fits.
     *
     * @return when or where it was charged, to be handed to {@link #settle}
     */
    long charge(Algorithm figures, long amount, long now);

    /**
     * Replaces an estimate by the true figure. What was held too much goes back as far as it still counts; what was held too little is
     * charged now, even where it does not fit: a window owes what is above its limit, at most {@link Algorithm#MOST_WINDOWS_OWED} times
     * that limit, and the windows that follow pay for it. Nothing fits until it is paid.
     *
     * @param mark what {@link #charge} returned
     */
    void settle(Algorithm figures, long mark, long held, long used, long now);

    /** Takes back {@code amount} of what counts, beginning with what would be forgotten first; no more than there is. */
    void giveBack(Algorithm figures, long amount, long now);

    /** Keeps for as long again what ends by itself, and takes it again where it has ended; of use to slots only. */
    default void renew(Algorithm figures, long mark, long now) {}

    /** Takes back all of what ends by itself, and returns how much that was; of use to slots only. */
    default int releaseAll(long now) {
        return 0;
    }

    /** Returns how full the bucket is, and where {@code amount} stands with it. */
    BucketStatus level(Algorithm figures, long amount, long now);

    /** Returns whether nothing counts any more, so that it may be forgotten. */
    boolean idle(long now);
}
