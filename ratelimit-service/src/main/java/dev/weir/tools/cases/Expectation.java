package dev.weir.tools.cases;

import dev.weir.bucket.BucketStatus;
import dev.weir.config.Location;
import dev.weir.decide.RefusalReason;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The decisions that are expected of one step. Null components are not checked.
 *
 * @param allowed how many are allowed
 * @param refused how many are refused: all calls that are not allowed
 * @param by the limit that every refusal names
 * @param reason the reason of every refusal
 * @param tier the tier of the limit that every refusal names
 * @param shadow how many each of these limits would have refused if it were not in shadow for them
 * @param retrySeconds the wait of the last refusal, rounded up as in the header; {@link BucketStatus#NEVER} where it carries none
 * @param remaining what limits have left after the last decision
 */
record Expectation(
        Location place,
        int allowed,
        int refused,
        @Nullable String by,
        @Nullable RefusalReason reason,
        @Nullable String tier,
        Map<String, Integer> shadow,
        @Nullable Long retrySeconds,
        Map<String, Long> remaining) {
    Expectation {
        shadow = Map.copyOf(shadow);
        remaining = Map.copyOf(remaining);
    }

    /** Returns how many are allowed and refused, in words. */
    String outcome() {
        String refusal = "refused" + refusal();
        if (allowed > 0 && refused > 0) {
            return allowed + " allowed and " + refused + " " + refusal;
        }
        String all = allowed + refused == 1 ? "" : "all " + (allowed + refused) + " ";
        return all + (refused > 0 ? refusal : "allowed");
    }

    private String refusal() {
        return (by == null ? "" : " by " + by)
                + (tier == null ? "" : " in tier " + tier)
                + (reason == null ? "" : " for " + reason.word());
    }
}
