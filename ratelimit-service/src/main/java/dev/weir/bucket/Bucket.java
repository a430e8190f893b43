package dev.weir.bucket;

/**
 * The state of one bucket. Times are microseconds and may not go back: an earlier time counts as the latest one seen.
 * Not thread-safe. The figures come with every call, see {@link Algorithm}; they are of the kind that opened the bucket.
 */
public interface Bucket {
    /** Whether {@code amount} still fits. A charge of nothing fits where one unit would: a used-up limit admits nothing. */
    boolean fits(Algorithm figures, long amount, long now);

    /**
     * Adds {@code amount}, whether it fits or not.
     *
     * @return when, or where, it went, to be handed to {@link #settle}
     */
    long charge(Algorithm figures, long amount, long now);

    /**
     * Replaces an estimate by the truth. What was held too much goes back as far as it still counts; what was held too
     * little is charged now, even where it does not fit: a window owes what is above its limit, {@link Algorithm#MOST_WINDOWS_OWED} times
     * that at most, and the windows that follow pay for it. Nothing fits until it is paid.
     *
     * @param mark what {@link #charge} answered
     */
    void settle(Algorithm figures, long mark, long held, long used, long now);

    /** Takes back {@code amount} of what counts, that which would be forgotten first; no more than there is. */
    void giveBack(Algorithm figures, long amount, long now);

    /** Keeps for as long again what ends by itself, and takes it again where it has ended; of use to slots only. */
    default void renew(Algorithm figures, long mark, long now) {}

    /** Takes back all of what ends by itself, and answers how much that was; of use to slots only. */
    default int releaseAll(long now) {
        return 0;
    }

    /** How full it is, and where {@code amount} stands with it. */
    BucketStatus level(Algorithm figures, long amount, long now);

    /** Whether nothing counts any more, so that it may be forgotten. */
    boolean idle(long now);
}
