package dev.weir.policy;

/**
 * How a domain in the dialect of envoyproxy/ratelimit is asked.
 *
 * @param allOrNothing charges the descriptors of a request all or not at all, as native limits are; otherwise each counts for itself
 */
public record Descriptors(DescriptorTree tree, DescriptorSettings settings, boolean allOrNothing) {
    /** The leaf of a limit that this domain decided by. */
    public DescriptorLimit leaf(Limit limit) {
        return isOwn(limit) ? DescriptorLimit.own(limit) : tree.leaves().get(limit.order());
    }

    /** Whether a descriptor brought it along. */
    public boolean isOwn(Limit limit) {
        return limit.order() >= tree.leaves().size();
    }

    /** Whether it refuses only together with all others that are in quota mode. */
    public boolean isQuota(Limit limit) {
        return settings.quota() || leaf(limit).quota();
    }
}
