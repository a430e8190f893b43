package dev.weir.decide;

import dev.weir.bucket.BucketStatus;
import dev.weir.policy.Limit;

/**
 * Where a request stands with one limit that applies to it.
 *
 * @param descriptor the position of the first descriptor that reached the bucket
 * @param asked what the request asked for
 */
public record LimitStatus(Limit limit, int descriptor, long asked, BucketStatus level) {
    /** What is left, never negative: a settlement may have gone above the limit. */
    public long remaining() {
        return Math.max(0, limit.most() - level.used());
    }

    /** The part of the limit that is left, from 0 to 1; the smallest names the tightest limit. */
    public double remainingShare() {
        long amount = limit.most();
        return amount == 0 ? 0 : (double) remaining() / amount;
    }
}
