package dev.weir.decide;

import dev.weir.bucket.BucketStatus;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An explanation of what a domain makes of one set of attributes.
 *
 * @param lines all of its limits, in the order in which they are asked
 */
public record Explanation(Domain domain, List<Line> lines) {
    public Explanation {
        lines = List.copyOf(lines);
    }

    /**
     * A line about one limit.
     *
     * @param reason why it does not apply, in words; null where it does
     * @param enforced whether it may refuse; false in shadow mode
     * @param bucket the name of the bucket that it charges; null where it charges none
     * @param level how full that bucket is; null where the store was not asked
     */
    public record Line(
            Limit limit,
            @Nullable String reason,
            boolean enforced,
            @Nullable String bucket,
            @Nullable BucketStatus level) {
        public boolean applies() {
            return reason == null;
        }

        Line at(BucketStatus found) {
            return new Line(limit, reason, enforced, bucket, found);
        }
    }
}
