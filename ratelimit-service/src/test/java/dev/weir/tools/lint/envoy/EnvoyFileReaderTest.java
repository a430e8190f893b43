package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** R6.2: whatever an Envoy or an Istio mesh is configured with is read as it stands. */
class EnvoyFileReaderTest {
    private static final String POLICY =
            "domain: llm\nlimits: [{name: a, tier: user, per: [app], allow: 1 requests / 1s}]\n";
    private static final String OPEN = "fails-open | ";

    @Test
    void jsonIsRead() {
        String json = """
                {"httpFilters": [{"typedConfig": {
                  "@type": "type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit",
                  "domain": "llm", "timeout": "1s", "failureModeDeny": true,
                  "rateLimits": [{"actions": [{"requestHeaders": {"headerName": "a", "descriptorKey": "app"}}]}]}}]}
                """;

        assertEquals(List.of(), Lint.in(POLICY, json));
        assertEquals(1, Lint.in(POLICY, json.replace("1s", "0.05s")).size());
    }

    @Test
    void aPatchOfIstioIsRead() {
        assertEquals(List.of(OPEN + "domain: llm"), Lint.in(POLICY, """
                apiVersion: networking.istio.io/v1alpha3
                kind: EnvoyFilter
                spec:
                  configPatches:
                  - applyTo: HTTP_FILTER
                    patch:
                      operation: INSERT_BEFORE
                      value:
                        name: envoy.filters.http.ratelimit
                        typed_config:
                          "@type": type.googleapis.com/udpa.type.v1.TypedStruct
                          type_url: type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit
                          value:
                            domain: llm
                            timeout: 1s
                            rate_limit_service: {grpc_service: {envoy_grpc: {cluster_name: outbound|8081||weir}}}
                  - applyTo: VIRTUAL_HOST
                    patch:
                      value:
                        rate_limits: [{actions: [{request_headers: {header_name: a, descriptor_key: app}}]}]
                """));
    }

    @Test
    void whatAnAliasStandsForBelongsToEachConnectionManager() {
        String envoy = """
                one: &one
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  http_filters: &filters
                  - "@type": type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit
                    domain: llm
                    timeout: 1s
                    failure_mode_deny: true
                    rate_limits: [{actions: [{remote_address: {}}]}]
                  use_remote_address: true
                again: *one
                two:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  http_filters: *filters
                  stat_prefix: second
                """;
        String policy = "domain: llm\nlimits: [{name: a, tier: ip, per: [remote_address], allow: 1 requests / 1s}]\n";

        assertEquals(1, Lint.in(policy, envoy).size());
        assertEquals(12, Lint.problems(policy, envoy).get(0).place().line());
    }

    @Test
    void partsOutsideOfConnectionManagersAreTakenWithEach() {
        assertEquals(List.of(), Lint.in(POLICY, """
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                http_filters:
                - "@type": type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit
                  domain: llm
                  timeout: 1s
                  failure_mode_deny: true
                ---
                "@type": type.googleapis.com/envoy.config.route.v3.VirtualHost
                rate_limits: [{actions: [{request_headers: {header_name: a, descriptor_key: app}}]}]
                """));
    }

    @Test
    void otherFiltersOfTheNameAreOthers() {
        assertEquals(List.of("no-rate-limit-filter | "), Lint.in(POLICY, """
                - "@type": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
                  rate_limits: [{actions: [{generic_key: {descriptor_value: x}}]}]
                - "@type": type.googleapis.com/envoy.extensions.filters.network.ratelimit.v3.RateLimit
                  domain: other
                """));
    }
}
