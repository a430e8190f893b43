package dev.weir.tools.lint.envoy;

import dev.weir.config.Problems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks the clusters through which Weir is reached, where the file has them. */
final class ClusterCheck {
    private static final long DEFAULT_MOST = 1_024;
    private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LONGEST_CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final String PROTOCOL_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    private static final Set<String> BY_NAME = Set.of("STRICT_DNS", "LOGICAL_DNS");
    /** The default interval for a cluster without traffic. */
    private static final Duration DEFAULT_CHECKED_AFTER = Duration.ofSeconds(60);

    private static final Duration LONGEST_UNCHECKED = Duration.ofSeconds(5);

    private final Problems problems;

    ClusterCheck(Problems problems) {
        this.problems = problems;
    }

    void check(EnvoyFile file) {
        Stream<@Nullable EnvoyMessage> limits = file.filters().map(RateLimitFilter::grpcService);
        Stream<@Nullable EnvoyMessage> authorizations = file.chains().stream()
                .flatMap(chain -> chain.authorizations().stream())
                .map(authorization -> authorization.block("grpc_service"));
        Stream.concat(limits, authorizations)
                .map(file::cluster)
                .flatMap(Stream::ofNullable)
                .forEach(this::checkCluster);
    }

    private void checkCluster(EnvoyMessage cluster) {
        String name = "cluster `" + cluster.text("name", "") + "`";
        checkBreakers(cluster, name);
        checkProtocol(cluster, name);
        checkHealth(cluster, name);
        Duration connect =
                cluster.has("connect_timeout") ? cluster.duration("connect_timeout") : DEFAULT_CONNECT_TIMEOUT;
        if (connect != null && connect.compareTo(LONGEST_CONNECT_TIMEOUT) > 0) {
            problems.add(cluster.problem(
                    "connect_timeout",
                    EnvoyRules.CONNECT_TIMEOUT,
                    name + " waits " + connect.toSeconds() + " s for a connection; set `connect_timeout: 0.25s`"));
        }
    }

    /** Checks the health checks, unless there is no other replica to go to: then they change nothing. */
    private void checkHealth(EnvoyMessage cluster, String name) {
        if (!BY_NAME.contains(cluster.text("type", "")) && endpoints(cluster) < 2) {
            return;
        }
        List<EnvoyMessage> checks = cluster.blocks("health_checks").stream()
                .filter(check -> check.has("grpc_health_check"))
                .toList();
        if (checks.isEmpty()) {
            problems.add(
                    cluster.problem(
                            "health_checks",
                            EnvoyRules.HEALTH_CHECKS,
                            name
                                    + " goes on asking a replica that left or died; add `health_checks` with a `grpc_health_check`"));
            return;
        }
        for (String interval : List.of("interval", "no_traffic_interval")) {
            if (checks.stream().allMatch(check -> isLong(check, interval))) {
                problems.add(cluster.problem(
                        "health_checks",
                        EnvoyRules.HEALTH_CHECKS,
                        name + " is checked too seldom to notice a replica that left; set `" + interval + ": 0.5s`"));
            }
        }
    }

    private static boolean isLong(EnvoyMessage check, String interval) {
        Duration written = check.has(interval) ? check.duration(interval) : DEFAULT_CHECKED_AFTER;
        return written != null && written.compareTo(LONGEST_UNCHECKED) > 0;
    }

    private static int endpoints(EnvoyMessage cluster) {
        EnvoyMessage assignment = cluster.block("load_assignment");
        return assignment == null
                ? 0
                : assignment.blocks("endpoints").stream()
                        .mapToInt(locality -> locality.blocks("lb_endpoints").size())
                        .sum();
    }

    private void checkBreakers(EnvoyMessage cluster, String name) {
        EnvoyMessage breakers = cluster.block("circuit_breakers");
        List<String> low = new ArrayList<>();
        for (String bound : List.of("max_requests", "max_pending_requests")) {
            boolean raised = breakers != null
                    && breakers.blocks("thresholds").stream()
                            .filter(threshold ->
                                    threshold.text("priority", "DEFAULT").equals("DEFAULT"))
                            .anyMatch(threshold -> most(threshold, bound) > DEFAULT_MOST);
            if (!raised) {
                low.add("`" + bound + "`");
            }
        }
        if (!low.isEmpty()) {
            problems.add(cluster.problem(
                    "circuit_breakers",
                    EnvoyRules.CIRCUIT_BREAKERS,
                    name + " lets only " + DEFAULT_MOST + " calls or fewer go on at once; set "
                            + String.join(" and ", low) + " in `circuit_breakers.thresholds`, for example to 65536"));
        }
    }

    private static long most(EnvoyMessage threshold, String bound) {
        String text = threshold.text(bound, "");
        return text.matches("[0-9]{1,10}") ? Long.parseLong(text) : 0;
    }

    private void checkProtocol(EnvoyMessage cluster, String name) {
        if (cluster.has("http2_protocol_options")) {
            checkKeepalive(cluster, cluster.block("http2_protocol_options"), name);
            return;
        }
        EnvoyMessage options = cluster.block("typed_extension_protocol_options", PROTOCOL_OPTIONS);
        EnvoyMessage http2 = null;
        boolean other = false;
        if (options != null) {
            for (String kind : List.of("explicit_http_config", "use_downstream_protocol_config", "auto_config")) {
                EnvoyMessage config = options.block(kind);
                http2 = http2 == null && config != null ? config.block("http2_protocol_options") : http2;
                other |= config != null && (config.has("http3_protocol_options") || kind.equals("auto_config"));
            }
        }
        if (http2 != null) {
            checkKeepalive(cluster, http2, name);
        } else if (!other) {
            problems.add(cluster.problem(
                    EnvoyRules.NO_HTTP2,
                    name
                            + " speaks HTTP/1.1, and gRPC needs HTTP/2; add `explicit_http_config: {http2_protocol_options: {}}` under"
                            + " `typed_extension_protocol_options`"));
        }
    }

    private void checkKeepalive(EnvoyMessage cluster, @Nullable EnvoyMessage http2, String name) {
        boolean tcp = cluster.block("upstream_connection_options", "tcp_keepalive") != null;
        if (!tcp && (http2 == null || !http2.has("connection_keepalive"))) {
            problems.add(cluster.problem(
                    EnvoyRules.KEEPALIVE,
                    name + " does not notice a replica that vanished; add"
                            + " `connection_keepalive: {interval: 10s, timeout: 2s}` to its `http2_protocol_options`"));
        }
    }
}
