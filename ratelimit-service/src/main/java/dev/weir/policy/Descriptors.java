package dev.weir.policy;

/**
 * The limits and settings of a domain in the dialect of envoyproxy/ratelimit.
 *
 * @param allOrNothing whether the descriptors of a request are charged all or not at all, like native limits; else each for itself
 */
public record Descriptors(DescriptorTree tree, DescriptorSettings settings, boolean allOrNothing) {
    /** Returns the leaf of a limit that this domain decided by. */
    public DescriptorLimit leaf(Limit limit) {
        return isOwn(limit) ? DescriptorLimit.own(limit) : tree.leaves().get(limit.order());
    }

    /** Returns whether a descriptor brought the limit along. */
    public boolean isOwn(Limit limit) {
        return limit.order() >= tree.leaves().size();
    }

    /** Returns whether the limit refuses only together with all others that are in quota mode. */
    public boolean isQuota(Limit limit) {
        return settings.quota() || leaf(limit).quota();
    }
}
