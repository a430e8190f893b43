package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.Problem;
import dev.weir.policy.Policies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A configuration that nothing is wrong with, and what is found in it when a piece is changed. */
final class Lint {
    static final String POLICY = """
            domain: llm
            limits:
              - {name: user-requests, tier: user, per: [user], when: {environment: prod}, allow: 20 requests / 1m}
              - {name: user-tokens, tier: user, per: [user], allow: 40k tokens / 1m, estimate: 500}
              - {name: user-parallel, tier: user, per: [user], allow: 5 parallel}
              - {name: address, tier: ip, per: [remote_address], allow: 100 requests / 1m}
            """;

    static final String ENVOY = """
            layered_runtime:
              layers:
              - name: weir
                static_layer:
                  envoy.reloadable_features.enable_formatter_for_ratelimit_action_descriptor_value: true
            static_resources:
              listeners:
              - filter_chains:
                - filters:
                  - typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      use_remote_address: true
                      access_log:
                      - typed_config:
                          "@type": type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig
                          common_config: {grpc_service: {envoy_grpc: {cluster_name: weir}}}
                      access_log_options: {access_log_flush_interval: 20s}
                      http_filters:
                      - typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
                          grpc_service:
                            envoy_grpc: {cluster_name: weir}
                            timeout: 2s
                      - typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.set_metadata.v3.Config
                          metadata:
                          - metadata_namespace: llm
                            value: {total_tokens: 1000000000}
                      - typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata
                          request_rules:
                            rules:
                            - selectors: [{key: max_tokens}]
                              on_present: {metadata_namespace: llm, key: max_tokens, type: STRING}
                              on_error: {metadata_namespace: llm, key: max_tokens, value: unreadable}
                          response_rules:
                            rules:
                            - selectors: [{key: usage}, {key: total_tokens}]
                              on_present: {metadata_namespace: llm, key: total_tokens, type: NUMBER}
                      - typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.sse_to_metadata.v3.SseToMetadata
                          response_rules:
                            max_event_size: 262144
                      - typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit
                          domain: llm
                          timeout: 1s
                          failure_mode_deny: true
                          rate_limit_service:
                            grpc_service:
                              envoy_grpc: {cluster_name: weir}
                          rate_limits:
                          - actions:
                            - remote_address: {}
                            - metadata:
                                descriptor_key: user
                                metadata_key: {key: envoy.filters.http.ext_authz, path: [{key: user}]}
                                skip_if_absent: true
                            - metadata:
                                descriptor_key: environment
                                metadata_key: {key: envoy.filters.http.ext_authz, path: [{key: environment}]}
                                skip_if_absent: true
                            - metadata:
                                descriptor_key: max_tokens
                                metadata_key: {key: llm, path: [{key: max_tokens}]}
                                skip_if_absent: true
                            - generic_key: {descriptor_key: prompt_bytes, descriptor_value: "%BYTES_RECEIVED%"}
                            - request_headers: {descriptor_key: weir.request_id, header_name: x-request-id, skip_if_absent: true}
                      - typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit
                          domain: llm
                          timeout: 30s
                          rate_limit_service:
                            grpc_service:
                              envoy_grpc: {cluster_name: weir}
                              retry_policy: {retry_on: "connect-failure,reset"}
                          rate_limits:
                          - apply_on_stream_done: true
                            hits_addend: {format: "%DYNAMIC_METADATA(llm:total_tokens)%"}
                            actions:
                            - metadata:
                                descriptor_key: weir.reservation
                                metadata_key: {key: envoy.filters.http.ratelimit, path: [{key: reservation}]}
                            - generic_key: {descriptor_key: weir.event, descriptor_value: settle}
                            - generic_key: {descriptor_key: weir.response_code, descriptor_value: "%RESPONSE_CODE%"}
                          - apply_on_stream_done: true  # release
                            actions:
                            - metadata:
                                descriptor_key: weir.reservation
                                metadata_key: {key: envoy.filters.http.ratelimit, path: [{key: reservation}]}
                            - generic_key: {descriptor_key: weir.event, descriptor_value: release}
                      route_config:
                        virtual_hosts:
                        - name: all
                          response_headers_to_remove: [x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset]
                          routes:
                          - match: {prefix: /}
                            route:
                              cluster: provider
                              timeout: 600s
              clusters:
              - name: weir
                connect_timeout: 0.25s
                circuit_breakers:
                  thresholds:
                  - {max_requests: 65536, max_pending_requests: 65536}
                typed_extension_protocol_options:
                  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                    explicit_http_config:
                      http2_protocol_options:
                        connection_keepalive: {interval: 10s, timeout: 2s}
            """;

    /** To be put after a {@link #filter}. */
    static final String RATE_LIMIT_SERVICE = "rate_limit_service: {grpc_service: {envoy_grpc: {cluster_name: weir}}}\n";

    private Lint() {}

    /** What is found after each piece was replaced by the one that follows it: {@code rule | line of the file}. */
    static List<String> after(String... piecesAndReplacements) {
        return in(POLICY, changed(piecesAndReplacements));
    }

    static String changed(String... piecesAndReplacements) {
        String envoy = ENVOY;
        for (int i = 0; i < piecesAndReplacements.length; i += 2) {
            assertTrue(envoy.contains(piecesAndReplacements[i]), piecesAndReplacements[i]);
            envoy = envoy.replace(piecesAndReplacements[i], piecesAndReplacements[i + 1]);
        }
        return envoy;
    }

    /** {@code rule | line of the file}, in order of place. */
    static List<String> in(String policy, String envoy) {
        List<String> lines = envoy.lines().toList();
        return problems(policy, envoy).stream()
                .map(problem -> problem.rule().name() + " | "
                        + (problem.place().line() == 0
                                ? ""
                                : lines.get(problem.place().line() - 1).strip()))
                .toList();
    }

    static List<String> messages(String policy, String envoy) {
        return problems(policy, envoy).stream().map(Problem::message).toList();
    }

    static List<Problem> problems(String policy, String envoy) {
        try {
            Path file = Files.createTempFile("envoy", ".yaml");
            try {
                return EnvoyLint.check(Policies.of(policy), Files.writeString(file, envoy));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A ratelimit filter with nothing wrong in how it asks, and these items. */
    static String filter(String rateLimits) {
        return """
                "@type": type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit
                domain: llm
                timeout: 1s
                failure_mode_deny: true
                rate_limits:
                """ + rateLimits;
    }

    /** An ext_authz filter, in a document of its own. */
    static String authorization(String cluster, String more) {
        return """
                ---
                "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
                grpc_service: {envoy_grpc: {cluster_name: %s}, timeout: 1s}
                """.formatted(cluster) + more;
    }
}
