package dev.weir.policy;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Periods;
import dev.weir.measure.Measure;
import java.util.List;
import java.util.Map;

/**
 * A limit of the tree.
 *
 * @param limit named by the path of its descriptors, as in metrics and records
 * @param name its name in the file, for answers and for {@code replaces}; may be empty
 * @param replaces the names of the limits that do not hold for a request that this one is found for
 * @param quota whether it refuses only together with all others that are in quota mode
 * @param detailedMetric whether the reference's metrics tell its values apart
 */
public record DescriptorLimit(
        Limit limit,
        String name,
        List<String> replaces,
        Map<String, Object> metadata,
        boolean quota,
        boolean detailedMetric) {
    /** The tier of all limits of the dialect, which have no order but that of their descriptors. */
    public static final Tier TIER = new Tier("descriptor", 0);

    public DescriptorLimit {
        replaces = List.copyOf(replaces);
    }

    /**
     * Makes the limit that a descriptor brings along, which holds in place of the policy's.
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

    /** Makes an algorithm that counts as envoyproxy/ratelimit does: by fixed windows that begin at multiples of their length. */
    public static Algorithm counter(long requests, Window.Length window) {
        return new Algorithm.Counter(requests, new Periods.Every(window.micros()));
    }

    static DescriptorLimit own(Limit limit) {
        return new DescriptorLimit(limit, "", List.of(), Map.of(), false, false);
    }
}
