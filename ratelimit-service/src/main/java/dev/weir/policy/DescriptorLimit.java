package dev.weir.policy;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Periods;
import dev.weir.measure.Measure;
import java.util.List;
import java.util.Map;

/**
 * A limit of the tree.
 *
 * @param limit by the path of its descriptors, which is its name in metrics and records
 * @param name what the file calls it, for answers and for {@code replaces}; may be empty
 * @param replaces the names of the limits that do not hold for a request that this one is found for
 * @param quota refuses only together with all others that are in quota mode
 * @param detailedMetric whether the reference's metrics tell its values apart
 */
public record DescriptorLimit(
        Limit limit,
        String name,
        List<String> replaces,
        Map<String, Object> metadata,
        boolean quota,
        boolean detailedMetric) {
    /** Where the limits of the dialect stand; there is no order among them but that of the descriptors. */
    public static final Tier TIER = new Tier("descriptor", 0);

    public DescriptorLimit {
        replaces = List.copyOf(replaces);
    }

    /**
     * The limit that a descriptor brings along; it holds in place of the policy's.
     *
     * @param requests from 0 to 2^32 - 1
     */
    public static DescriptorLimit own(String domain, long requests, Window.Length window) {
        Algorithm algorithm = counter(requests, window);
        Limit limit = new Limit(
                LimitOverrides.NAME,
                Integer.MAX_VALUE,
                TIER,
                new Scope(List.of(), List.of(), new Mode.Enforced(), false),
                new Allowance(requests, Measure.REQUESTS, window),
                Estimate.NONE,
                algorithm,
                BucketNames.countingPrefix(domain, algorithm),
                Wording.NONE,
                Source.NONE);
        return own(limit);
    }

    /** Counts as envoyproxy/ratelimit does: by fixed windows that all begin at multiples of their length. */
    public static Algorithm counter(long requests, Window.Length window) {
        return new Algorithm.Counter(requests, new Periods.Every(window.micros()));
    }

    static DescriptorLimit own(Limit limit) {
        return new DescriptorLimit(limit, "", List.of(), Map.of(), false, false);
    }
}
