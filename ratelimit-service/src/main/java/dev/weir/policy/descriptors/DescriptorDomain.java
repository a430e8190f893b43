package dev.weir.policy.descriptors;

import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.policy.DescriptorLimit;
import dev.weir.policy.DescriptorSettings;
import dev.weir.policy.DescriptorTree;
import dev.weir.policy.Descriptors;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Source;
import java.util.List;

/** Makes a domain of what was written in the dialect, in files or messages. */
public final class DescriptorDomain {
    private DescriptorDomain() {}

    /** Makes what answers for domains that nobody wrote: it has no name and no limits, and takes none that descriptors bring along. */
    public static Domain none(String version, DescriptorSettings settings) {
        return of("", version, List.of(), false, settings, Source.NONE, new Problems());
    }

    /** Makes the domain of what was written, without what has a problem. */
    public static Domain of(
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
