package dev.weir.decide;

import dev.weir.bucket.BucketStatus;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An explanation of what a domain makes of one set of attributes.
 *
 * @param lines all of its limits, in the order in which they are asked
 * @param missing the attributes for want of which such a request is refused where no limit that may refuse applies
 */
public record Explanation(Domain domain, List<Line> lines, Set<String> missing) {
    public Explanation {
        lines = List.copyOf(lines);
        missing = Set.copyOf(missing);
    }

    /** Returns what becomes of such a request, in a sentence. */
    public String outcome() {
        long deciding =
                lines.stream().filter(line -> line.applies() && line.enforced()).count();
        if (deciding > 0) {
            return "decided by " + deciding + (deciding == 1 ? " limit" : " limits");
        }
        if (!missing.isEmpty()) {
            return "refused as missing_attributes, for want of "
                    + String.join(
                            ", ",
                            missing.stream().sorted(Comparator.naturalOrder()).toList());
        }
        return lines.stream().anyMatch(Line::applies)
                ? "admitted: no limit applies but those in shadow mode"
                : "admitted without a limit: add one for everybody, `per: []`, if such requests are to be limited";
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
