package dev.weir.tools.lint.envoy;

import dev.weir.config.Location;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parts that work together on a request: a connection manager with its filters and routes, and all that the file says outside
 * of connection managers, which may be meant for any.
 *
 * @param manager null where the file has only parts of one
 * @param filters in the order of the file
 * @param atRoutes items of routes and virtual hosts, where they stood before filters could have them; those of each together
 * @param perRoute {@code RateLimitPerRoute} messages
 * @param authorizations ext_authz filters; in an {@link EnvoyFile} only those that ask Weir
 * @param contextExtensions what routes tell ext_authz, with data as keys
 * @param routes what each route does with a request
 * @param removesLimitHeader whether a route, or a block around it, removes x-ratelimit-limit from answers
 */
record Chain(
        @Nullable EnvoyMessage manager,
        List<RateLimitFilter> filters,
        List<List<Entry>> atRoutes,
        List<EnvoyMessage> perRoute,
        List<EnvoyMessage> authorizations,
        List<EnvoyMessage> contextExtensions,
        List<EnvoyMessage> streamReaders,
        List<EnvoyMessage> routes,
        boolean removesLimitHeader,
        Metadata metadata) {

    /**
     * The descriptors that go out together, for one domain.
     *
     * @param everywhere those that every request has
     * @param atRoutes those that the requests of one route or virtual host have beside them
     */
    record Call(String domain, Location place, List<Entry> everywhere, List<List<Entry>> atRoutes) {
        List<Entry> entries() {
            return Stream.concat(everywhere.stream(), atRoutes.stream().flatMap(List::stream))
                    .toList();
        }

        /** Returns the entries that limits are applied to. */
        List<Entry> asking() {
            return entries().stream().filter(entry -> !entry.isReport()).toList();
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
            List<List<Entry>> ofStage = atRoutes.stream()
                    .map(items -> items.stream()
                            .filter(entry -> entry.stage() == filter.stage())
                            .toList())
                    .toList();
            calls.add(new Call(filter.domain(), filter.block().place("domain"), filter.entries(), ofStage));
        }
        for (EnvoyMessage override : perRoute) {
            List<Entry> entries = Entry.listOf(override);
            Stream<String> domains = override.has("domain")
                    ? Stream.of(override.text("domain", ""))
                    : filters.stream().map(RateLimitFilter::domain).distinct();
            if (!entries.isEmpty()) {
                domains.forEach(domain -> calls.add(new Call(domain, override.place("domain"), entries, List.of())));
            }
        }
        return calls;
    }

    /** Returns whether a filter, or a route in place of one, names the domain. */
    boolean names(String domain) {
        return filters.stream().anyMatch(filter -> filter.domain().equals(domain))
                || perRoute.stream()
                        .anyMatch(override -> override.text("domain", "").equals(domain));
    }

    /** Returns where a domain is first named. */
    Location place(String domain) {
        return calls().stream()
                .filter(call -> call.domain().equals(domain))
                .map(Call::place)
                .findFirst()
                .orElseThrow();
    }

    /** Returns everything that is sent for each domain, at any time. */
    Map<String, List<Entry>> entriesByDomain() {
        Map<String, List<Entry>> byDomain = new LinkedHashMap<>();
        calls().forEach(call -> byDomain.computeIfAbsent(call.domain(), none -> new ArrayList<>())
                .addAll(call.entries()));
        return byDomain;
    }
}
