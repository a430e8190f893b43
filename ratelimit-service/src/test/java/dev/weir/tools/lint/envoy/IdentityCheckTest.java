package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.identity.Caller;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Invariant 10: no client can choose its identity. */
class IdentityCheckTest {
    private static final String MANAGER = "\"@type\":"
            + " type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

    private static String policy(String attribute) {
        return "domain: llm\nlimits: [{name: a, tier: user, per: [%s], allow: 1 requests / 1s}]\n".formatted(attribute);
    }

    @Test
    void anAddressComesFromTheConnection() {
        assertEquals(List.of("client-address | " + MANAGER), Lint.after("use_remote_address: true", "stat_prefix: x"));
        assertEquals(
                List.of("client-address | use_remote_address: false"),
                Lint.after("use_remote_address: true", "use_remote_address: false"));
        assertEquals(List.of(), Lint.after("use_remote_address: true", "xff_num_trusted_hops: 1"));
        assertEquals(
                List.of("client-address | " + MANAGER),
                Lint.after("use_remote_address: true", "xff_num_trusted_hops: 0"));
    }

    @Test
    void anAddressThatNoLimitReadsMayBeAnything() {
        assertEquals(
                List.of("unread-attribute | - actions:"),
                Lint.in(
                        Lint.POLICY.replaceAll(".*name: address.*\n", ""),
                        Lint.changed("use_remote_address: true", "stat_prefix: x")));
    }

    @ParameterizedTest
    @MethodSource("identities")
    void aHeaderIsNoIdentity(String attribute) {
        String action = "request_headers: {header_name: x-name, descriptor_key: " + attribute + "}";

        assertEquals(
                List.of("client-identity | - actions: [{" + action + "}]"),
                Lint.in(policy(attribute), Lint.filter("- actions: [{" + action + "}]\n")));
    }

    static List<String> identities() {
        return Caller.ATTRIBUTES;
    }

    @Test
    void aHeaderThatThePolicyConsentsToIsOneForItsAttributeAlone() {
        String policy = """
                rate_limits: {per_user: {rpm: 20}, per_team: {rpm: 200}}
                user_rate_limit: {header: X-User-Id}
                """;
        String user = "- actions: [{request_headers: {header_name: x-user-id, descriptor_key: user}}]";
        String team = "- actions: [{request_headers: {header_name: x-user-id, descriptor_key: team}}]";
        String other = "- actions: [{request_headers: {header_name: x-user, descriptor_key: user}}]";

        assertEquals(
                List.of("client-identity | " + team, "client-identity | " + other),
                Lint.in(policy, Lint.filter(String.join("\n", user, team, other) + "\n")));
    }

    @Test
    void noIdentityIsTakenFromAQueryOrABody() {
        String query = "- actions: [{query_parameters: {query_parameter_name: u, descriptor_key: user}}]";
        String body = "- actions: [{metadata: {descriptor_key: user, metadata_key: {key: llm, path: [{key: user}]}}}]";
        String writer = """
                ---
                "@type": type.googleapis.com/envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata
                request_rules: {rules: [{on_present: {metadata_namespace: llm, key: user, type: STRING}}]}
                """;

        assertEquals(List.of("client-identity | " + query), Lint.in(policy("user"), Lint.filter(query + "\n")));
        assertEquals(List.of("client-identity | " + body), Lint.in(policy("user"), Lint.filter(body + "\n") + writer));
    }

    @Test
    void otherAttributesMayComeFromHeaders() {
        assertEquals(
                List.of(),
                Lint.in(
                        policy("app"),
                        Lint.filter("- actions: [{request_headers: {header_name: a, descriptor_key: app}}]\n")));
    }

    @Test
    void whatDecidesWhereARequestGoesMayNameTheService() {
        String action = "request_headers: {header_name: \":authority\", descriptor_key: service}";

        assertEquals(List.of(), Lint.in(policy("service"), Lint.filter("- actions: [{" + action + "}]\n")));
    }

    @Test
    void weirsOwnHeadersAreOverwrittenWhereItAuthorizes() {
        String line = "- actions: [{request_headers: {header_name: X-Weir-User, descriptor_key: user}}]";
        String filter = Lint.filter(line + "\n") + Lint.RATE_LIMIT_SERVICE;

        assertEquals(List.of(), Lint.in(policy("user"), filter + Lint.authorization("weir", "")));
        assertEquals(
                List.of("client-identity | " + line),
                Lint.in(policy("user"), filter + Lint.authorization("opa", "")),
                "others leave them as they are");
        assertEquals(List.of("client-identity | " + line), Lint.in(policy("user"), filter));
    }
}
