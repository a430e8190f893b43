package dev.weir.tools.lint.envoy;

import dev.weir.config.Location;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What works together on a request: a connection manager with its filters and routes, and all that the file says outside of
 * connection managers, which may be meant for any.
 *
 * @param manager null where the file has only parts of one
 * @param filters in the order of the file
 * @param atRoutes items in the place that came before the filter's own: routes and virtual hosts
 * @param perRoute {@code RateLimitPerRoute} messages
 * @param authorizations ext_authz filters; in an {@link EnvoyFile} only those that ask Weir
 * @param contextExtensions what routes tell ext_authz, the keys being data
 * @param routes what each route does with a request
 * @param removesLimitHeader whether a route, or what it stands in, removes x-ratelimit-limit from answers
 */
record Chain(
        @Nullable EnvoyMessage manager,
        List<RateLimitFilter> filters,
        List<Entry> atRoutes,
        List<EnvoyMessage> perRoute,
        List<EnvoyMessage> authorizations,
        List<EnvoyMessage> contextExtensions,
        List<EnvoyMessage> streamReaders,
        List<EnvoyMessage> routes,
        boolean removesLimitHeader,
        Metadata metadata) {

    /** The descriptors that go out together, for one domain. */
    record Call(String domain, Location place, List<Entry> entries) {
        /** Those that limits are held against. */
        List<Entry> asking() {
            return entries.stream().filter(entry -> !entry.isReport()).toList();
        }
    }

    Chain withAuthorizations(List<EnvoyMessage> some) {
        return new Chain(
                manager,
                filters,
                atRoutes,
                perRoute,
                some,
                contextExtensions,
                streamReaders,
                routes,
                removesLimitHeader,
                metadata);
    }

    List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        for (RateLimitFilter filter : filters) {
            List<Entry> entries = Stream.concat(
                            filter.entries().stream(),
                            atRoutes.stream().filter(entry -> entry.stage() == filter.stage()))
                    .toList();
            calls.add(new Call(filter.domain(), filter.block().place("domain"), entries));
        }
        for (EnvoyMessage override : perRoute) {
            List<Entry> entries = Entry.listOf(override);
            Stream<String> domains = override.has("domain")
                    ? Stream.of(override.text("domain", ""))
                    : filters.stream().map(RateLimitFilter::domain).distinct();
            if (!entries.isEmpty()) {
                domains.forEach(domain -> calls.add(new Call(domain, override.place("domain"), entries)));
            }
        }
        return calls;
    }

    /** Whether a filter, or a route in place of one, names the domain. */
    boolean names(String domain) {
        return filters.stream().anyMatch(filter -> filter.domain().equals(domain))
                || perRoute.stream()
                        .anyMatch(override -> override.text("domain", "").equals(domain));
    }

    /** Where a domain is first named. */
    Location place(String domain) {
        return calls().stream()
                .filter(call -> call.domain().equals(domain))
                .map(Call::place)
                .findFirst()
                .orElseThrow();
    }

    /** Everything that is sent for a domain, at any time. */
    Map<String, List<Entry>> entriesByDomain() {
        Map<String, List<Entry>> byDomain = new LinkedHashMap<>();
        calls().forEach(call -> byDomain.computeIfAbsent(call.domain(), none -> new ArrayList<>())
                .addAll(call.entries()));
        return byDomain;
    }
}
