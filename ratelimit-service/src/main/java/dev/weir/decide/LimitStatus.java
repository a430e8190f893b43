package dev.weir.decide;

import dev.weir.bucket.BucketStatus;
import dev.weir.policy.Limit;
import dev.weir.policy.Window;
import org.jspecify.annotations.Nullable;

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

    /** Returns whether it is known when nothing of it counts any more. What runs in parallel ends when it ends. */
    public boolean hasReset() {
        return !(limit.allow().window() instanceof Window.None);
    }

    /**
     * Returns whether callers hear of this limit rather than of the other: one with a window goes before one without, which can tell them
     * nothing to go by, and then the one with the smaller part left.
     */
    public boolean isTighterThan(@Nullable LimitStatus other) {
        if (other == null || hasReset() != other.hasReset()) {
            return other == null || hasReset();
        }
        return remainingShare() < other.remainingShare();
    }

    /** Returns the part of the limit that is left, from 0 to 1. */
    public double remainingShare() {
        long amount = limit.most();
        return amount == 0 ? 0 : (double) remaining() / amount;
    }
}
