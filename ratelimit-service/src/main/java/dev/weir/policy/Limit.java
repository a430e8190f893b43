package dev.weir.policy;

import dev.weir.bucket.Algorithm;
import java.time.Duration;
import java.util.List;

/**
 * One rule of a policy.
 *
 * @param order its place among the limits of its domain, in tier order and then as written
 * @param scope whom it concerns
 * @param estimate of tokens; nothing for other measures
 * @param algorithm how its buckets count, made from what it allows
 * @param bucketPrefix the start of its buckets' names, see {@link BucketNames}
 */
public record Limit(
        String name,
        int order,
        Tier tier,
        Scope scope,
        Allowance allow,
        Estimate estimate,
        Algorithm algorithm,
        String bucketPrefix,
        Wording wording,
        Source source) {
    /**
     * The time that the reservation of an admitted request is kept without a sign of life. A settlement by then charges what was used,
     * even if the slots have long been free; afterwards the estimate stands.
     */
    public static final Duration RESERVATION = Duration.ofHours(1);

    /** The time that a slot is kept without a sign of life where its limit does not say, in microseconds. */
    public static final long LEASE_MICROS = Duration.ofMinutes(1).toNanos() / 1_000;

    /** Returns the attributes whose values tell buckets apart; none means one bucket for everybody. */
    public List<String> per() {
        return scope.per();
    }

    /** Returns the conditions that a request's attributes must meet for the limit to apply. */
    public List<Condition> when() {
        return scope.when();
    }

    /** Returns the time that a slot is kept without a sign of life, in microseconds; 0 where the limit has no slots. */
    public long leaseMicros() {
        return algorithm instanceof Algorithm.Parallel parallel ? parallel.leaseMicros() : 0;
    }

    /** Returns what an empty bucket takes at once: the amount, or the burst where there is one. */
    public long most() {
        return algorithm.most();
    }

    /** Returns in words what it allows: {@code 20 requests / 1m}, {@code 5 requests / 1s, 20 at once}. */
    public String allows() {
        return algorithm instanceof Algorithm.TokenBucket && most() != allow.amount()
                ? allow + ", " + most() + " at once"
                : allow.toString();
    }

    public Limit inPlace(int newOrder) {
        return new Limit(name, newOrder, tier, scope, allow, estimate, algorithm, bucketPrefix, wording, source);
    }
}
