package dev.weir.tools.lint.envoy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Collects the parts of a {@link Chain} while a file is walked. */
final class ChainParts {
    private final @Nullable EnvoyMessage manager;
    private final Set<Node> visited = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<RateLimitFilter> filters = new ArrayList<>();
    private final List<List<Entry>> atRoutes = new ArrayList<>();
    private final List<EnvoyMessage> perRoute = new ArrayList<>();
    private final List<EnvoyMessage> authorizations = new ArrayList<>();
    private final List<EnvoyMessage> contextExtensions = new ArrayList<>();
    private final List<EnvoyMessage> streamReaders = new ArrayList<>();
    private final List<EnvoyMessage> routes = new ArrayList<>();
    private final List<Write> writes = new ArrayList<>();
    private boolean removesLimitHeader;
    private boolean opaque;

    ChainParts(@Nullable EnvoyMessage manager) {
        this.manager = manager;
    }

    boolean firstVisit(Node node) {
        return visited.add(node);
    }

    void add(String type, EnvoyMessage block) {
        if (type.endsWith(".http.ratelimit.v3.RateLimit")) {
            filters.add(RateLimitFilter.of(block));
        } else if (type.endsWith(".http.ratelimit.v3.RateLimitPerRoute")) {
            perRoute.add(block);
        } else if (type.endsWith(".ext_authz.v3.ExtAuthz")) {
            authorizations.add(block);
        } else if (type.endsWith(".ext_authz.v3.ExtAuthzPerRoute")) {
            EnvoyMessage extensions = block.block("check_settings", "context_extensions");
            if (extensions != null) {
                contextExtensions.add(extensions);
            }
        } else if (type.endsWith(".SseToMetadata")) {
            streamReaders.add(block);
        } else if (type.endsWith(".VirtualHost")) {
            addAtRoute(Entry.listOf(block));
        }
        writes.addAll(WriteReader.read(type, block));
        opaque |= WriteReader.isOpaque(type, block);
    }

    void addRoute(EnvoyMessage route) {
        routes.add(route);
    }

    /** @param names the names of headers that are removed from answers; ignored if the list was visited already */
    void addRemovedHeaders(SequenceNode names) {
        removesLimitHeader |= !visited.contains(names)
                && names.getValue().stream()
                        .anyMatch(item -> item instanceof ScalarNode name
                                && name.getValue().equalsIgnoreCase(CallCheck.LIMIT_HEADER));
    }

    void addAtRoute(List<Entry> entries) {
        if (!entries.isEmpty()) {
            atRoutes.add(entries);
        }
    }

    /** Counts what would be looked at: each pair of a filter and something at a route, and the other parts that stand outside. */
    long combinationsWith(ChainParts outside) {
        long others = (long) outside.routes.size()
                + outside.writes.size()
                + outside.authorizations.size()
                + outside.contextExtensions.size();
        long allFilters = (long) filters.size() + outside.filters.size();
        long allAtRoutes = items(atRoutes) + items(outside.atRoutes) + perRoute.size() + outside.perRoute.size();
        return others + allFilters * Math.max(1, allAtRoutes);
    }

    /** Makes a chain of these parts and those that stand outside of all connection managers. */
    Chain toChain(ChainParts outside) {
        return new Chain(
                manager,
                both(filters, outside.filters),
                both(atRoutes, outside.atRoutes),
                both(perRoute, outside.perRoute),
                both(authorizations, outside.authorizations),
                both(contextExtensions, outside.contextExtensions),
                both(streamReaders, outside.streamReaders),
                both(routes, outside.routes),
                removesLimitHeader || outside.removesLimitHeader,
                Metadata.of(both(writes, outside.writes), opaque || outside.opaque));
    }

    private static long items(List<List<Entry>> atRoutes) {
        return atRoutes.stream().mapToLong(List::size).sum();
    }

    private static <T> List<T> both(List<T> own, List<T> outside) {
        return Stream.concat(own.stream(), outside.stream()).toList();
    }
}
