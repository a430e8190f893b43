package dev.weir.dropin;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What Weir does in the place of envoyproxy/ratelimit, beside what it does by itself.
 *
 * @param debug where {@code /rlconfig} is
 * @param scrape a further place for the metrics; null has none
 * @param startsWithoutPolicy where the policy cannot be used at the start, every call fails until one can
 * @param needsDomain it is healthy only with a policy that has a domain
 */
public record DropIn(
        InetSocketAddress debug, @Nullable Scrape scrape, boolean startsWithoutPolicy, boolean needsDomain) {
    public record Scrape(InetSocketAddress address, String path) {}
}
