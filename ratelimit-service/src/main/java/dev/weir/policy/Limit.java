package dev.weir.policy;

import dev.weir.bucket.Algorithm;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One rule of a policy.
 *
 * @param order its place among the limits of its domain, in tier order and then as written
 * @param per the attributes whose values share a bucket; none means one bucket for everybody
 * @param when the attributes that must have these very values for the limit to apply
 * @param estimate of tokens; nothing for other measures
 * @param algorithm how its buckets count, made from what it allows
 * @param bucketPrefix the start of its buckets' names, see {@link BucketNames}
 */
public record Limit(
        String name,
        int order,
        Tier tier,
        List<String> per,
        Map<String, String> when,
        Allowance allow,
        Estimate estimate,
        Algorithm algorithm,
        String bucketPrefix) {
    /**
     * How long an admitted request may take until it is settled. Afterwards its estimate stands and its slots are free. Longer than
     * any stream that Envoy is configured to let run.
     */
    public static final Duration RESERVATION = Duration.ofHours(1);

    public Limit {
        per = List.copyOf(per);
        when = Map.copyOf(when);
    }

    /** What an empty bucket takes at once: the amount, or the burst where there is one. */
    public long most() {
        return algorithm.most();
    }

    /** What it allows, in words: {@code 20 requests / 1m}, {@code 5 requests / 1s, 20 at once}. */
    public String allows() {
        return algorithm instanceof Algorithm.Refilling && most() != allow.amount()
                ? allow + ", " + most() + " at once"
                : allow.toString();
    }

    Limit inPlace(int newOrder) {
        return new Limit(name, newOrder, tier, per, when, allow, estimate, algorithm, bucketPrefix);
    }
}
