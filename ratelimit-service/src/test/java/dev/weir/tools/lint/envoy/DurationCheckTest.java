package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invariant 4: a slot is never free while its request still runs. */
class DurationCheckTest {
    private static final String MANAGED = "use_remote_address: true";
    private static final String OF_ALL =
            MANAGED + "\n          common_http_protocol_options: {max_stream_duration: %s}";
    private static final String OF_ROUTE =
            "timeout: 0s\n                  max_stream_duration: {max_stream_duration: %s}";

    private static final String SIGNS = "access_log_options: {access_log_flush_interval: 20s}";
    private static final String NO_SIGNS = "access_log_options: {}";

    @ParameterizedTest
    @ValueSource(strings = {"timeout: 0s", "timeout: 3601s"})
    void aRequestOfWhichNothingIsHeardMayNotOutliveItsReservation(String timeout) {
        assertEquals(
                List.of("max-stream-duration | " + timeout), Lint.after(SIGNS, NO_SIGNS, "timeout: 600s", timeout));
        assertEquals(List.of(), Lint.after("timeout: 600s", timeout));
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout: 3600s", "timeout: 61s"})
    void aRequestOfWhichNothingIsHeardMayNotOutliveTheLeaseOfItsSlot(String timeout) {
        assertEquals(List.of("slot-lease | " + timeout), Lint.after(SIGNS, NO_SIGNS, "timeout: 600s", timeout));
        assertEquals(List.of(), Lint.after("timeout: 600s", timeout));
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout: 60s", "retry_policy: {}"})
    void aTimeoutBoundsARequest(String timeout) {
        assertEquals(List.of(), Lint.after(SIGNS, NO_SIGNS, "timeout: 600s", timeout));
    }

    @Test
    void aSlotIsHeardOfTwiceWithinItsLease() {
        assertEquals(List.of(), Lint.after("flush_interval: 20s", "flush_interval: 30s"));
        assertEquals(List.of("slot-lease | timeout: 600s"), Lint.after("flush_interval: 20s", "flush_interval: 30.5s"));
        assertEquals(
                List.of("slot-lease | timeout: 600s"),
                Lint.after("grpc.v3.HttpGrpcAccessLog", "file.v3.FileAccessLog"));
    }

    @Test
    void theFirstEntryIsNotKeptUntilTheLeaseIsOver() {
        String policy = Lint.POLICY.replace("allow: 5 parallel", "allow: 5 parallel, lease: 2s");
        String secondly = "access_log_flush_interval: 1s";
        String config = "common_config: {grpc_service";
        assertEquals(
                List.of("slot-lease | timeout: 600s"),
                Lint.in(policy, Lint.changed("access_log_flush_interval: 20s", secondly)));
        assertEquals(
                List.of(),
                Lint.in(
                        policy,
                        Lint.changed(
                                "access_log_flush_interval: 20s",
                                secondly,
                                config,
                                "common_config: {buffer_flush_interval: 0.4s, grpc_service")));
    }

    @Test
    void onlyEntriesOfRequestsUnderWayThatGoToWeirAreSigns() {
        String log = "access_log:\n          - typed_config:";
        String filtered = "access_log:\n          - filter: %s\n            typed_config:";
        List<String> without = List.of("slot-lease | timeout: 600s");
        assertEquals(without, Lint.after("{envoy_grpc: {cluster_name: weir}}}", "{envoy_grpc: {cluster_name: logs}}}"));
        assertEquals(without, Lint.after(log, filtered.formatted("{log_type_filter: {types: [DownstreamEnd]}}")));
        assertEquals(
                without,
                Lint.after(log, filtered.formatted("{log_type_filter: {types: [DownstreamPeriodic], exclude: true}}")));
        assertEquals(
                without,
                Lint.after(
                        log,
                        filtered.formatted("{and_filter: {filters: [{log_type_filter: {types: [DownstreamEnd]}},"
                                + " {response_flag_filter: {}}]}}")));
        for (String passes : List.of(
                "{log_type_filter: {types: [DownstreamEnd, DownstreamPeriodic]}}",
                "{log_type_filter: {types: [DownstreamEnd], exclude: true}}",
                "{or_filter: {filters: [{log_type_filter: {types: [DownstreamPeriodic]}}, {traceable_filter: {}}]}}")) {
            assertEquals(List.of(), Lint.after(log, filtered.formatted(passes)), passes);
        }
    }

    @Test
    void theConnectionManagerBoundsARequest() {
        assertEquals(
                List.of(),
                Lint.after(SIGNS, NO_SIGNS, "timeout: 600s", "timeout: 0s", MANAGED, OF_ALL.formatted("60s")));
        assertEquals(
                List.of("max-stream-duration | timeout: 0s"),
                Lint.after(SIGNS, NO_SIGNS, "timeout: 600s", "timeout: 0s", MANAGED, OF_ALL.formatted("3600.5s")));
    }

    @Test
    void theRouteHasTheLastWord() {
        assertEquals(List.of(), Lint.after(SIGNS, NO_SIGNS, "timeout: 600s", OF_ROUTE.formatted("50s")));
        assertEquals(
                List.of("max-stream-duration | timeout: 0s"),
                Lint.after(
                        SIGNS, NO_SIGNS, "timeout: 600s", OF_ROUTE.formatted("0s"), MANAGED, OF_ALL.formatted("50s")),
                "0s takes the manager's away");
    }

    @Test
    void whereNothingIsHeldRequestsMayLastForEver() {
        String policy = "domain: llm\nlimits: [{name: a, tier: user, per: [user, environment, remote_address],"
                + " allow: 1 requests / 1s}]\n";

        assertEquals(List.of(), Lint.in(policy, Lint.changed("timeout: 600s", "timeout: 0s")));
    }
}
