package dev.weir.policy;

import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.policy.descriptors.DescriptorConfig;
import dev.weir.policy.descriptors.DescriptorRules;
import dev.weir.policy.descriptors.TreeBuilder;
import java.util.List;

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

    /** What answers for domains that nobody wrote: without a name, without limits, and it takes none that descriptors bring along. */
    public static Domain none(String version, DescriptorSettings settings) {
        return domain("", version, List.of(), false, settings, Source.NONE, new Problems());
    }

    /** The domain of what was written, without what has a problem. */
    public static Domain domain(
            String name,
            String version,
            List<DescriptorConfig> written,
            boolean allOrNothing,
            DescriptorSettings settings,
            Source source,
            Problems problems) {
        DescriptorTree tree = TreeBuilder.build(name, written, problems);
        if (allOrNothing && settings.quota()) {
            problems.add(new Problem(
                    source.place(),
                    DescriptorRules.DESCRIPTOR,
                    "QUOTA_MODE counts where others refuse, which `all_or_nothing` rules out; remove one of them"));
        }
        List<Limit> limits = tree.leaves().stream().map(DescriptorLimit::limit).toList();
        for (DescriptorLimit leaf : allOrNothing ? tree.leaves() : List.<DescriptorLimit>of()) {
            if (leaf.quota()) {
                problems.add(
                        new Problem(
                                leaf.limit().source().place(),
                                DescriptorRules.DESCRIPTOR,
                                "`quota_mode` counts where others refuse, which `all_or_nothing` rules out; remove one of them"));
            }
        }
        return Domain.of(name, version, limits, new Descriptors(tree, settings, allOrNothing), source);
    }
}
