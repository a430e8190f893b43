package dev.weir.policy;

import org.jspecify.annotations.Nullable;

/**
 * What the reference is told by its environment and not by its files, for all domains of the dialect.
 *
 * @param mergesFiles whether a domain may stand in several files
 * @param misfitsFirst where some descriptors are over their limits, only those are counted
 * @param shadow nobody is refused
 * @param quota every limit is in quota mode
 * @param headers null tells callers nothing
 * @param metadata whether answers tell Envoy what was asked, and what the limits that were kept say
 * @param nearLimitRatio from 0 to 1: from which part of a limit on its use counts as near it
 */
public record DescriptorSettings(
        boolean mergesFiles,
        boolean misfitsFirst,
        boolean shadow,
        boolean quota,
        @Nullable Headers headers,
        boolean metadata,
        float nearLimitRatio) {
    /** The reference's own, but that files of one domain are merged, as native ones are. */
    public static final DescriptorSettings DEFAULT =
            new DescriptorSettings(true, false, false, false, null, false, 0.8f);

    /** The names of the headers. */
    public record Headers(String limit, String remaining, String reset) {}
}
