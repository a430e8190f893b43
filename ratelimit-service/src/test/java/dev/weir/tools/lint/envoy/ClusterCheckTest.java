package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterCheckTest {
    private static final String THRESHOLDS = "- {max_requests: 65536, max_pending_requests: 65536}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- {max_requests: 1024, max_pending_requests: 65536}",
                "- {max_pending_requests: 65536}",
                "- {max_requests: 65536}",
                "- {priority: HIGH, max_requests: 65536, max_pending_requests: 65536}"
            })
    void theDefaultCircuitBreakersAreTooTight(String thresholds) {
        assertEquals(List.of("circuit-breakers | circuit_breakers:"), Lint.after(THRESHOLDS, thresholds));
    }

    @Test
    void aMissingCircuitBreakerIsNamed() {
        assertEquals(List.of("circuit-breakers | - name: weir"), Lint.after("circuit_breakers:", "other:"));
        assertEquals(
                List.of("cluster `weir` lets only 1024 calls or fewer go on at once; set `max_pending_requests` in"
                        + " `circuit_breakers.thresholds`, for example to 65536"),
                Lint.messages(Lint.POLICY, Lint.changed(THRESHOLDS, "- {max_requests: 65536}")));
    }

    @Test
    void grpcNeedsHttp2() {
        assertEquals(
                List.of("grpc-needs-http2 | - name: weir"),
                Lint.after("http2_protocol_options", "http_protocol_options"));
        assertEquals(
                List.of("grpc-needs-http2 | - name: weir"), Lint.after("typed_extension_protocol_options", "other"));
    }

    @Test
    void theOldPlaceOfTheProtocolIsKnown() {
        String old = "    http2_protocol_options: {connection_keepalive: {interval: 10s}}\n    connect_timeout";

        assertEquals(List.of(), Lint.after("typed_extension_protocol_options", "x", "    connect_timeout", old));
    }

    @Test
    void aReplicaThatVanishedIsNoticed() {
        assertEquals(List.of("keepalive | - name: weir"), Lint.after("connection_keepalive", "other"));
        assertEquals(
                List.of(),
                Lint.after(
                        "connection_keepalive",
                        "other",
                        "    connect_timeout",
                        "    upstream_connection_options: {tcp_keepalive: {}}\n    connect_timeout"));
    }

    @Test
    void aConnectionIsNotWaitedForLong() {
        assertEquals(
                List.of("connect-timeout | - name: weir"), Lint.after("connect_timeout: 0.25s", "lb_policy: RANDOM"));
        assertEquals(List.of("connect-timeout | connect_timeout: 1.5s"), Lint.after("0.25s", "1.5s"));
        assertEquals(List.of(), Lint.after("0.25s", "1s"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type: STRICT_DNS",
                "type: LOGICAL_DNS",
                "load_assignment: {endpoints: [{lb_endpoints: [{}, {}]}]}",
                "load_assignment: {endpoints: [{lb_endpoints: [{}]}, {lb_endpoints: [{}]}]}",
                "type: STRICT_DNS\n    health_checks: [{interval: 0.5s, tcp_health_check: {}}]"
            })
    void replicasThatLeaveAreTakenOut(String cluster) {
        assertEquals(List.of("health-checks"), healthOf(cluster));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type: STATIC",
                "load_assignment: {endpoints: [{lb_endpoints: [{}]}]}",
                "type: STRICT_DNS\n    health_checks: [{interval: 0.5s, no_traffic_interval: 0.5s, grpc_health_check: {}}]",
                "type: STRICT_DNS\n    healthChecks: [{interval: 5s, noTrafficInterval: 1s, grpcHealthCheck: {service_name: x}}]"
            })
    void oneReplicaAndThoseThatAreCheckedAreFine(String cluster) {
        assertEquals(List.of(), healthOf(cluster));
    }

    @Test
    void aCheckThatComesTooSeldomIsNamed() {
        assertEquals(
                List.of(
                        "cluster `weir` is checked too seldom to notice a replica that left; set `no_traffic_interval: 0.5s`"),
                Lint.messages(
                        Lint.POLICY,
                        Lint.changed(
                                "    connect_timeout",
                                "    type: STRICT_DNS\n    health_checks: [{interval: 0.5s, grpc_health_check: {}}]\n"
                                        + "    connect_timeout")));
    }

    private static List<String> healthOf(String cluster) {
        return Lint.after("    connect_timeout", "    " + cluster + "\n    connect_timeout").stream()
                .map(found -> found.replaceFirst(" \\|.*", ""))
                .toList();
    }

    @Test
    void theClusterOfTheAuthorizationIsLookedAtToo() {
        assertEquals(
                List.of(
                        "circuit-breakers | - {name: authz, connect_timeout: 1s}",
                        "grpc-needs-http2 | - {name: authz, connect_timeout: 1s}"),
                Lint.after(
                        "envoy_grpc: {cluster_name: weir}\n                timeout: 2s",
                        "envoy_grpc: {cluster_name: authz}\n                timeout: 2s",
                        "  clusters:\n",
                        "  clusters:\n  - {name: authz, connect_timeout: 1s}\n"));
    }

    @Test
    void theClusterOfThoseWhoAuthorizeBesideWeirIsTheirs() {
        String opa = Lint.authorization("opa", "");

        assertEquals(
                List.of(),
                Lint.in(
                        Lint.POLICY,
                        Lint.changed("  clusters:\n", "  clusters:\n  - {name: opa, connect_timeout: 9s}\n") + opa));
    }

    @Test
    void aClusterThatTheFileHasNotIsNotJudged() {
        assertEquals(
                List.of(), Lint.after("cluster_name: weir", "cluster_name: outbound|8081||weir.svc.cluster.local"));
    }
}
