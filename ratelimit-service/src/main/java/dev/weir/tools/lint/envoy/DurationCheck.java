package dev.weir.tools.lint.envoy;

import dev.weir.config.Problems;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks whether every request ends, or shows that it lives, while Weir still knows what it holds. */
final class DurationCheck {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);
    private static final String GRPC_ACCESS_LOG = "HttpGrpcAccessLogConfig";
    private static final Duration DEFAULT_KEPT = Duration.ofSeconds(1);
    private static final Set<String> PERIODIC = Set.of("DownstreamPeriodic", "5");

    private final Policy policy;
    private final Problems problems;

    DurationCheck(Policy policy, Problems problems) {
        this.policy = policy;
        this.problems = problems;
    }

    void check(EnvoyFile file) {
        for (Chain chain : file.chains()) {
            List<Domain> domains = chain.calls().stream()
                    .map(call -> policy.domain(call.domain()))
                    .filter(Objects::nonNull)
                    .distinct()
                    .toList();
            boolean held = domains.stream().anyMatch(domain -> !Held.by(domain).nothing());
            EnvoyMessage manager = chain.manager();
            if (held && manager != null) {
                EnvoyMessage options = manager.block("common_http_protocol_options");
                Duration ofAll = options == null ? null : options.duration("max_stream_duration");
                Signs signs = signsOfLife(manager, clusters(chain));
                chain.routes().forEach(route -> checkRoute(route, ofAll, signs, domains));
            }
        }
    }

    private void checkRoute(EnvoyMessage route, @Nullable Duration ofAll, @Nullable Signs signs, List<Domain> domains) {
        EnvoyMessage own = route.block("max_stream_duration");
        Duration ofRoute = own == null ? null : own.duration("max_stream_duration");
        Duration timeout = route.has("timeout") ? route.duration("timeout") : DEFAULT_TIMEOUT;
        Duration ofStream = ofRoute == null ? ofAll : ofRoute;
        if (signs == null && !ends(timeout, ofStream, Limit.RESERVATION)) {
            problems.add(route.problem(
                    "timeout",
                    EnvoyRules.STREAM_DURATION,
                    "a request may take longer here than the " + Limit.RESERVATION.toMinutes()
                            + " minutes for which Weir keeps its reservation; set `timeout`, or `max_stream_duration`, to at most "
                            + Limit.RESERVATION.toSeconds() + "s"));
            return;
        }
        domains.stream()
                .flatMap(DurationCheck::leases)
                .filter(lease -> !ends(timeout, ofStream, lease.time()) && !isHeardOf(signs, lease.time()))
                .findFirst()
                .ifPresent(lease -> problems.add(route.problem("timeout", EnvoyRules.SLOT_LEASE, words(lease, signs))));
    }

    /** @param time how long the limit keeps a slot without a sign of life */
    private record Lease(String limit, Duration time) {}

    private static Stream<Lease> leases(Domain domain) {
        return domain.limits().stream()
                .filter(limit -> limit.leaseMicros() > 0)
                .map(limit -> new Lease(limit.name(), Duration.ofNanos(1_000 * limit.leaseMicros())));
    }

    private static String words(Lease lease, @Nullable Signs signs) {
        return "a request may take longer here than the " + lease.time().toSeconds() + " s for which `" + lease.limit()
                + "` keeps its slot without a sign of life, and "
                + (signs == null
                        ? "Envoy gives none"
                        : "Envoy gives one every " + signs.every().toMillis() / 1e3 + " s only, and keeps it for up to "
                                + signs.kept().toMillis() / 1e3 + " s")
                + "; send Weir the periodic entries of an access log with an `access_log_flush_interval` of at most "
                + lease.time().toMillis() / 2e3 + "s and a `buffer_flush_interval` of at most "
                + lease.time().toMillis() / 5e3 + "s, or raise the limit's `lease`";
    }

    /** Returns whether one of the two ends a request within the bound; 0 or null ends none. */
    private static boolean ends(@Nullable Duration timeout, @Nullable Duration ofStream, Duration bound) {
        return Stream.of(timeout == null ? Duration.ZERO : timeout, ofStream == null ? Duration.ZERO : ofStream)
                .anyMatch(end -> !end.isZero() && end.compareTo(bound) <= 0);
    }

    /**
     * The signs of life by which Envoy tells of a request under way.
     *
     * @param every the time from one entry to the next
     * @param kept how long Envoy collects entries before it sends them
     */
    private record Signs(Duration every, Duration kept) {}

    /** Returns whether Weir hears of a request in time: one entry may be late, and the first has a quarter of the lease to spare. */
    private static boolean isHeardOf(@Nullable Signs signs, Duration lease) {
        return signs != null
                && signs.every().multipliedBy(2).compareTo(lease) <= 0
                && signs.every().plus(signs.kept()).multipliedBy(4).compareTo(lease.multipliedBy(3)) <= 0;
    }

    /** Returns the clusters through which the chain reaches Weir. */
    private static Set<String> clusters(Chain chain) {
        Stream<@Nullable EnvoyMessage> limits = chain.filters().stream().map(RateLimitFilter::grpcService);
        Stream<@Nullable EnvoyMessage> authorizations =
                chain.authorizations().stream().map(authorization -> authorization.block("grpc_service"));
        return Stream.concat(limits, authorizations)
                .map(DurationCheck::cluster)
                .flatMap(Stream::ofNullable)
                .collect(Collectors.toSet());
    }

    private static @Nullable String cluster(@Nullable EnvoyMessage grpcService) {
        EnvoyMessage envoyGrpc = grpcService == null ? null : grpcService.block("envoy_grpc");
        return envoyGrpc == null ? null : envoyGrpc.text("cluster_name");
    }

    /** Returns how Envoy tells Weir of a request under way; null where it does not. */
    private static @Nullable Signs signsOfLife(EnvoyMessage manager, Set<String> clusters) {
        EnvoyMessage log = manager.blocks("access_log").stream()
                .filter(each -> isForWeir(each.block("typed_config"), clusters) && passesPeriodic(each.block("filter")))
                .findFirst()
                .orElse(null);
        EnvoyMessage options = manager.block("access_log_options");
        Duration every = options == null
                ? manager.duration("access_log_flush_interval")
                : options.duration("access_log_flush_interval");
        if (log == null || every == null || every.isZero()) {
            return null;
        }
        EnvoyMessage config = log.block("typed_config", "common_config");
        Duration kept = config == null ? null : config.duration("buffer_flush_interval");
        return new Signs(every, kept == null ? DEFAULT_KEPT : kept);
    }

    /** Returns whether an access log is for Weir, as one that names no cluster may be. */
    private static boolean isForWeir(@Nullable EnvoyMessage config, Set<String> clusters) {
        if (config == null || !config.text("@type", "").endsWith(GRPC_ACCESS_LOG)) {
            return false;
        }
        String cluster = cluster(config.block("common_config", "grpc_service"));
        return cluster == null || clusters.isEmpty() || clusters.contains(cluster);
    }

    /** Returns whether a filter, which may combine others, lets the entries pass that tell of requests under way. */
    private static boolean passesPeriodic(@Nullable EnvoyMessage filter) {
        if (filter == null) {
            return true;
        }
        EnvoyMessage types = filter.block("log_type_filter");
        if (types != null) {
            boolean named = types.texts("types").stream().anyMatch(PERIODIC::contains);
            return named != types.isTrue("exclude");
        }
        EnvoyMessage any = filter.block("or_filter");
        if (any != null) {
            return any.blocks("filters").stream().anyMatch(DurationCheck::passesPeriodic);
        }
        EnvoyMessage all = filter.block("and_filter");
        return all == null || all.blocks("filters").stream().allMatch(DurationCheck::passesPeriodic);
    }
}
