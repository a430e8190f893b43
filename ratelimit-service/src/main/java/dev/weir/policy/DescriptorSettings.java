package dev.weir.policy;

import org.jspecify.annotations.Nullable;

/**
 * The settings that the reference takes from its environment and not from its files, for all domains of the dialect.
 *
 * @param mergesFiles whether a domain may stand in several files
 * @param misfitsFirst whether only the descriptors over their limits are counted, where there are any
 * @param shadow whether nobody is refused
 * @param quota whether every limit is in quota mode
 * @param headers null where answers have none
 * @param metadata whether answers give Envoy the request back, and the metadata of the limits that were kept
 * @param nearLimitRatio the part of a limit, from 0 to 1, above which its use counts as near it
 */
public record DescriptorSettings(
        boolean mergesFiles,
        boolean misfitsFirst,
        boolean shadow,
        boolean quota,
        @Nullable Headers headers,
        boolean metadata,
        float nearLimitRatio) {
    /** The reference's defaults, except that files of one domain are merged, as native ones are. */
    public static final DescriptorSettings DEFAULT =
            new DescriptorSettings(true, false, false, false, null, false, 0.8f);

    /** The names of the headers. */
    public record Headers(String limit, String remaining, String reset) {}
}
