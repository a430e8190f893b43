package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CallCheckTest {
    private static final String RATE_LIMIT =
            "\"@type\": type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit";

    @Test
    void nothingIsWrongWithTheSoundConfiguration() {
        assertEquals(List.of(), Lint.after());
    }

    @Test
    void theDefaultTimeoutsAreTooShort() {
        assertEquals(List.of("short-timeout | " + RATE_LIMIT), Lint.after("timeout: 1s\n", "stat_prefix: x\n"));
        assertEquals(List.of("short-timeout | " + RATE_LIMIT), Lint.after("timeout: 30s\n", "stat_prefix: x\n"));
        assertEquals(
                List.of("short-timeout | envoy_grpc: {cluster_name: weir}"),
                Lint.after("timeout: 2s\n", "initial_metadata: []\n"));
    }

    @Test
    void aTimeoutShorterThanAPauseIsTooShort() {
        assertEquals(List.of("short-timeout | timeout: 0.099s"), Lint.after("timeout: 1s", "timeout: 0.099s"));
        assertEquals(List.of("short-timeout | timeout: 0.02s"), Lint.after("timeout: 2s", "timeout: 0.02s"));
        assertEquals(List.of(), Lint.after("timeout: 1s", "timeout: 0.1s"));
        assertEquals(List.of(), Lint.after("timeout: 1s", "timeout: 0s"), "for ever");
    }

    @Test
    void aFilterThatDoesNotSayWhatHappensWithoutAnAnswerFailsOpen() {
        assertEquals(List.of("fails-open | " + RATE_LIMIT), Lint.after("failure_mode_deny: true", "stat_prefix: x"));
        assertEquals(List.of(), Lint.after("failure_mode_deny: true", "failure_mode_deny: false"), "it is said");
        assertEquals(List.of(), Lint.after("failure_mode_deny: true", "failureModeDeny: true"));
    }

    @Test
    void anAuthorizationThatLetsStrangersPassFailsOpen() {
        String timeout = "                timeout: 2s\n";
        String open = timeout + "              failure_mode_allow: true\n";

        assertEquals(List.of("fails-open | failure_mode_allow: true"), Lint.after(timeout, open));
    }

    @Test
    void anAuthorizationByOthersIsTheirs() {
        assertEquals(
                List.of(),
                Lint.in(
                        "domain: llm\nlimits: [{name: a, tier: ip, per: [remote_address], allow: 1 requests / 1s}]\n",
                        Lint.filter("- actions: [{remote_address: {}}]\n") + """
                        rate_limit_service: {grpc_service: {envoy_grpc: {cluster_name: weir}}}
                        ---
                        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
                        failure_mode_allow: true
                        grpc_service: {envoy_grpc: {cluster_name: opa}}
                        """));
    }

    @Test
    void anAdmissionIsNotRepeated() {
        String cluster = "  envoy_grpc: {cluster_name: weir}\n              rate_limits:\n              - actions";
        String retried = "  envoy_grpc: {cluster_name: weir, retry_policy: {retry_on: \"connect-failure, %s\"}}\n"
                + "              rate_limits:\n              - actions";

        assertEquals(
                List.of(
                        "admission-retry | envoy_grpc: {cluster_name: weir, retry_policy: {retry_on: \"connect-failure, reset\"}}"),
                Lint.after(cluster, retried.formatted("reset")));
        assertEquals(List.of(), Lint.after(cluster, retried.formatted("refused-stream")));
    }

    @Test
    void norIsOneByExternalAuthorization() {
        String authorization = Lint.authorization("weir", "")
                .replace("cluster_name: weir}", "cluster_name: weir, retry_policy: {retry_on: reset}}");
        String envoy = Lint.filter("- actions: [{remote_address: {}}]\n") + Lint.RATE_LIMIT_SERVICE + authorization;
        assertEquals(1, retries(Lint.POLICY.replace("limits:", "admit: true\nlimits:"), envoy));
        assertEquals(0, retries(Lint.POLICY, envoy), "who only says who calls charges nothing");
    }

    private static long retries(String policy, String envoy) {
        return Lint.in(policy, envoy).stream()
                .filter(problem -> problem.startsWith("admission-retry"))
                .count();
    }

    @Test
    void aSettlementIsRepeatedForAWhile() {
        String retry = "retry_policy: {retry_on: \"connect-failure,reset\"}";

        assertEquals(List.of("settlement-retry | rate_limit_service:"), Lint.after(retry, "timeout: 9s"));
        assertEquals(List.of("settlement-retry | timeout: 4s"), Lint.after("timeout: 30s", "timeout: 4s"));
    }

    @Test
    void aSettlementInTheFilterOfTheAdmissionCannotBeRepeated() {
        String before = "retry_policy: {retry_on: \"connect-failure,reset\"}\n              rate_limits:\n";
        String after = """
                retry_policy: {retry_on: connect-failure}
                              failure_mode_deny: false
                              rate_limits:
                              - actions: [{remote_address: {}}]
                """;

        assertEquals(
                List.of(
                        "settlement-retry | " + RATE_LIMIT,
                        "no-max-tokens | domain: llm",
                        "no-prompt-bytes | domain: llm"),
                Lint.after(before, after));
    }

    @Test
    void headersAreWrittenByOneSideOnly() {
        String on = "enable_x_ratelimit_headers: DRAFT_VERSION_03";

        assertEquals(
                List.of("doubled-headers | " + on),
                Lint.after("failure_mode_deny: true", "failure_mode_deny: true\n              " + on));
        assertEquals(
                List.of(),
                Lint.after(
                        "failure_mode_deny: true",
                        "failure_mode_deny: true\n              enable_x_ratelimit_headers: \"OFF\""));
    }

    @Test
    void whatTheUpstreamSaysOfItsLimitsIsRemoved() {
        String removed = "response_headers_to_remove: [x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset]";
        String without = Lint.changed(removed, "include_attempt_count_in_response: true");

        assertEquals(List.of("providers-headers | domain: llm"), Lint.in(Lint.POLICY, without));
        assertEquals(
                List.of("providers-headers | domain: llm"),
                Lint.after(removed, "response_headers_to_remove: [x-ratelimit-limit-requests]"));
        assertEquals(List.of(), Lint.in("answers: {headers: none}\n" + Lint.POLICY, without));
        assertEquals(
                List.of(),
                Lint.in(
                        Lint.POLICY,
                        without.replace(
                                "- match: {prefix: /}",
                                "- match: {prefix: /}\n                response_headers_to_remove: [X-RateLimit-Limit]")));
    }
}
