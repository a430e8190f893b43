package dev.weir.decide;

import dev.weir.bucket.BucketStatus;
import dev.weir.policy.Limit;

/**
 * The standing of a request with one limit that applies to it.
 *
 * @param descriptor the position of the first descriptor that reached the bucket
 * @param asked the amount that the request asked for
 */
public record LimitStatus(Limit limit, int descriptor, long asked, BucketStatus level) {
    /** Returns what is left, never negative, even where a settlement has gone above the limit. */
    public long remaining() {
        return Math.max(0, limit.most() - level.used());
    }

    /** Returns the part of the limit that is left, from 0 to 1; the smallest names the tightest limit. */
    public double remainingShare() {
        long amount = limit.most();
        return amount == 0 ? 0 : (double) remaining() / amount;
    }
}
