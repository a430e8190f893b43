package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class DomainCheckTest {
    private static final String LIMIT = "limits: [{name: a, tier: global, allow: 1 requests / 1s}]\n";

    @Test
    void aDomainThatThePolicyHasNotIsAnError() {
        String envoy = Lint.changed("domain: llm", "domain: lmm");

        assertEquals(
                List.of("unasked-domain | ", "unknown-domain | domain: lmm", "unknown-domain | domain: lmm"),
                Lint.in(Lint.POLICY, envoy));
        assertEquals(
                List.of(
                        "no filter here asks for the policy's domain `llm`",
                        "unknown domain `lmm`; did you mean `llm`? Known here: llm",
                        "unknown domain `lmm`; did you mean `llm`? Known here: llm"),
                Lint.messages(Lint.POLICY, envoy));
    }

    @Test
    void theDomainOfARouteIsLookedAtToo() {
        String route = """
                ---
                "@type": type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimitPerRoute
                domain: other
                rate_limits: [{actions: [{remote_address: {}}]}]
                """;

        assertEquals(
                List.of("unknown-domain | domain: other"),
                Lint.in(
                                "domain: llm\n" + LIMIT,
                                Lint.filter("- actions: [{generic_key: {descriptor_value: x}}]\n") + route)
                        .stream()
                        .filter(problem -> problem.startsWith("unknown-domain"))
                        .toList());
    }

    @Test
    void whereOnlyTheEndIsReportedNobodyIsLimited() {
        String onlyReports = Lint.filter("""
                - apply_on_stream_done: true
                  actions:
                  - metadata: {descriptor_key: weir.reservation, metadata_key: {key: envoy.filters.http.ext_authz, path: [{key: reservation}]}}
                  - generic_key: {descriptor_key: weir.event, descriptor_value: release}
                """) + Lint.RATE_LIMIT_SERVICE + Lint.authorization("weir", "");
        assertEquals(
                List.of("never-admitted | domain: llm"),
                Lint.in("domain: llm\n" + LIMIT, onlyReports).stream()
                        .filter(problem -> problem.startsWith("never-admitted"))
                        .toList());
        assertEquals(
                List.of(),
                Lint.in("domain: llm\nadmit: true\n" + LIMIT, onlyReports).stream()
                        .filter(problem -> problem.startsWith("never-admitted"))
                        .toList());
    }

    @Test
    void aFilterForWhichNothingHasDescriptorsNeverAsks() {
        String envoy = """
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                http_filters:
                - typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit
                    domain: llm
                    timeout: 1s
                    failure_mode_deny: true
                route_config:
                  virtual_hosts: [{name: all}]
                """;

        assertEquals(List.of("no-descriptors | domain: llm"), Lint.in("domain: llm\n" + LIMIT, envoy));
        assertEquals(
                List.of(),
                Lint.in("domain: llm\n" + LIMIT, envoy.replace("route_config", "rds")),
                "routes that come from elsewhere may have descriptors");
    }

    @Test
    void aDomainThatAuthorizationAdmitsNeedsNoFilter() {
        String authorization = Lint.authorization("weir", "");
        String hurried = authorization.replace("timeout: 1s", "timeout: 0.01s");

        assertEquals(List.of(), Lint.in("domain: llm\nadmit: true\n" + LIMIT, authorization));
        assertEquals(
                List.of("short-timeout"),
                Lint.problems("domain: llm\nadmit: true\n" + LIMIT, hurried).stream()
                        .map(problem -> problem.rule().name())
                        .toList());
        assertEquals(List.of("no-rate-limit-filter | "), Lint.in("domain: llm\n" + LIMIT, authorization));
        assertEquals(
                List.of("no-rate-limit-filter | "),
                Lint.in(
                        "domain: llm\nadmit: true\n" + LIMIT,
                        authorization.replaceFirst("grpc_service.*", "http_service: {}")),
                "Weir speaks gRPC only");
    }

    @Test
    void aFileWithoutAnyFilterIsNotFoundToBeSound() {
        assertEquals(List.of("no-rate-limit-filter | "), Lint.in(Lint.POLICY, "static_resources: {}\n"));
    }
}
