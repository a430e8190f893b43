package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptorCheckTest {
    private static String policy(String... limits) {
        StringBuilder policy = new StringBuilder("domain: llm\nlimits:\n");
        for (int i = 0; i < limits.length; i++) {
            policy.append("  - {name: l%d, tier: user, allow: 1 requests / 1s, %s}\n".formatted(i, limits[i]));
        }
        return policy.toString();
    }

    @Test
    void aLimitThatLacksAnAttributeNeverApplies() {
        String envoy = Lint.filter("- actions: [{request_headers: {header_name: x-app, descriptor_key: app}}]\n");
        String policy = policy("per: [app]", "per: [app, modle]", "per: [ap]");

        assertEquals(
                List.of("unreachable-limit | domain: llm", "unreachable-limit | domain: llm"), Lint.in(policy, envoy));
        assertEquals(
                List.of(
                        "limit `l1` never applies: no descriptor has `modle`; correct the descriptor or the limit",
                        "limit `l2` never applies: no descriptor has `ap` (did you mean `app`?);"
                                + " correct the descriptor or the limit"),
                Lint.messages(policy, envoy));
    }

    @Test
    void attributesOfDifferentDescriptorsDoNotMeet() {
        String envoy = Lint.filter("""
                - actions: [{request_headers: {header_name: x-app, descriptor_key: app}}]
                - actions: [{destination_cluster: {}}]
                """);

        assertEquals(
                List.of("limit `l2` never applies: no descriptor has `destination_cluster` beside the limit's other"
                        + " attributes; correct the descriptor or the limit"),
                Lint.messages(
                        policy("per: [app]", "per: [destination_cluster]", "per: [app, destination_cluster]"), envoy));
    }

    @ParameterizedTest
    @CsvSource({
        "generic_key, generic_key",
        "header_value_match, header_match",
        "query_parameter_value_match, query_match"
    })
    void aFixedValueMustBeTheOneThatTheLimitWants(String action, String key) {
        String envoy = Lint.filter("- actions: [{%s: {descriptor_value: prod}}]\n".formatted(action));

        assertEquals(List.of(), Lint.in(policy("when: {%s: prod}".formatted(key)), envoy));
        assertEquals(
                List.of(
                        "limit `l1` never applies: `%s` never has the value that it wants; correct the descriptor or the limit"
                                .formatted(key)),
                Lint.messages(policy("per: [%s]".formatted(key), "when: {%s: dev}".formatted(key)), envoy));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{source_cluster: {}}:source_cluster",
                "{destination_cluster: {}}:destination_cluster",
                "{remote_address: {}}:remote_address",
                "{masked_remote_address: {v4_prefix_mask_len: 24}}:masked_remote_address",
                "{request_headers: {header_name: h, descriptor_key: a}}:a",
                "{query_parameters: {query_parameter_name: q, descriptor_key: a}}:a",
                "{generic_key: {descriptor_value: v, descriptor_key: a}}:a",
                "{header_value_match: {descriptor_value: v, descriptor_key: a}}:a",
                "{query_parameter_value_match: {descriptor_value: v, descriptor_key: a}}:a",
                "{dynamic_metadata: {descriptor_key: a, metadata_key: {key: envoy.x}}}:a",
                "{metadata: {descriptor_key: a, metadata_key: {key: envoy.x}}}:a",
                "{requestHeaders: {headerName: h, descriptorKey: a}}:a"
            })
    void everyActionMakesAnEntryThatLimitsCanRead(String actionAndName) {
        int colon = actionAndName.lastIndexOf(':');
        String envoy = Lint.filter("- actions: [%s]\n".formatted(actionAndName.substring(0, colon)));
        String name = actionAndName.substring(colon + 1);

        assertEquals(List.of(), Lint.in(policy("per: [%s]".formatted(name)), envoy));
        assertEquals(
                List.of("always-missing | domain: llm", "unreachable-limit | domain: llm"),
                Lint.in(policy("per: [other]"), envoy));
    }

    @Test
    void whatAnExtensionMakesIsNotJudged() {
        String envoy = Lint.filter("- actions: [{extension: {name: envoy.rate_limit_descriptors.expr}}]\n");

        assertEquals(List.of(), Lint.in(policy("per: [whatever]"), envoy));
    }

    @Test
    void aDescriptorBesideOthersThatNothingLimitsIsIdle() {
        String envoy = Lint.filter("""
                - actions: [{request_headers: {header_name: x-app, descriptor_key: app}}]
                - actions: [{destination_cluster: {}}]
                """);

        assertEquals(
                List.of("idle-descriptor | - actions: [{destination_cluster: {}}]"),
                Lint.in(policy("per: [app]"), envoy));
    }

    @Test
    void aRouteToWhoseDescriptorsNoLimitAppliesIsRefusedAsAWhole() {
        String filter = Lint.filter("").replace("rate_limits:\n", "") + Lint.RATE_LIMIT_SERVICE;
        String routes = """
                ---
                virtual_hosts:
                - name: all
                  response_headers_to_remove: [x-ratelimit-limit]
                  routes:
                  - match: {prefix: /app}
                    route:
                      cluster: upstream
                      rate_limits:
                      - actions: [{request_headers: {header_name: x-app, descriptor_key: app}}]
                  - match: {prefix: /}
                    route:
                      cluster: upstream
                      rate_limits:
                      - actions: [{destination_cluster: {}}]
                """;

        assertEquals(
                List.of("route-missing | - actions: [{destination_cluster: {}}]"),
                Lint.in(policy("per: [app]"), filter + routes));
    }

    @Test
    void aLimitOfTheDescriptorsOwnIsReadByWeir() {
        String envoy = Lint.filter("""
                - actions: [{request_headers: {header_name: x-app, descriptor_key: app}}]
                - actions: [{destination_cluster: {}}]
                  limit: {rate_limit: {requests_per_unit: 9, unit: MINUTE}}
                """);

        assertEquals(List.of(), Lint.in(policy("per: [app]"), envoy));
    }

    @Test
    void anAttributeThatNoLimitReadsIsTold() {
        String envoy = Lint.filter("""
                - actions:
                  - request_headers: {header_name: x-app, descriptor_key: app}
                  - request_headers: {header_name: x-max, descriptor_key: max_tokens}
                  - request_headers: {header_name: x-request-id, descriptor_key: weir.request_id}
                  - destination_cluster: {}
                """);

        assertEquals(
                List.of(
                        "no limit of domain `llm` reads `destination_cluster`; fine for refusal records, otherwise remove"),
                Lint.messages(policy("per: [app]"), envoy));
        assertEquals(List.of("unread-attribute | - actions:"), Lint.in(policy("per: [app]"), envoy));
    }

    @Test
    void descriptorsOfRoutesReachLimitsThroughTheFilterOfTheirStage() {
        String envoy = """
                "@type": type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit
                domain: llm
                stage: 2
                timeout: 1s
                failure_mode_deny: true
                ---
                virtual_hosts:
                - rate_limits: [{stage: 2, actions: [{destination_cluster: {}}]}]
                """;

        assertEquals(List.of(), Lint.in(policy("per: [destination_cluster]"), envoy));
        assertEquals(
                List.of("always-missing | domain: llm", "unreachable-limit | domain: llm"),
                Lint.in(policy("per: [app]"), envoy));
        assertEquals(List.of(), Lint.in(policy("per: [app]"), envoy.replace("{stage: 2,", "{stage: 1,")));
    }
}
