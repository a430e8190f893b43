package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestSourceCheckTest {
    private static final String PATH = "- request_headers: {descriptor_key: path, header_name: \":path\"}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- request_headers: {descriptor_key: id, header_name: authorization}",
                "- request_headers: {descriptor_key: id, header_name: X-Api-Key}",
                "- query_parameters: {descriptor_key: id, query_parameter_name: api_key}",
                "- generic_key: {descriptor_key: id, descriptor_value: \"%REQ(Authorization)%\"}"
            })
    void aCredentialInADescriptorIsToldOf(String action) {
        assertEquals(List.of("credential-sent | " + action), found("per: [id]", action));
    }

    @Test
    void whatIsNoCredentialIsNot() {
        assertEquals(
                List.of(), found("per: [model]", "- request_headers: {descriptor_key: model, header_name: x-model}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/search", "[/a*, /search]", "\"/v1/*/search\""})
    void aPathThatAQueryChangesIsToldOf(String path) {
        assertEquals(List.of("path-with-query | " + PATH), found("when: {path: " + path + "}", PATH));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"/search*\"", "[/search, \"/search?*\"]", "{not: /healthz}"})
    void onePastTheQueryIsNot(String path) {
        assertEquals(List.of(), found("when: {path: " + path + "}", PATH));
    }

    @Test
    void aPathFromElsewhereIsNot() {
        String stripped = "- request_headers: {descriptor_key: path, header_name: x-path}";

        assertEquals(List.of(), found("when: {path: /search}", stripped));
    }

    @Test
    void descriptorsAreDodgedTheSameWay() {
        assertEquals(List.of("path-with-query | " + PATH), ofDescriptors("/search"));
        assertEquals(List.of(), ofDescriptors("/search*"));
        assertEquals(List.of(), ofDescriptors(""));
    }

    @Test
    void theHeadersOfDescriptorsAreLeftToEnvoy() {
        String headers = "enable_x_ratelimit_headers: DRAFT_VERSION_03\n";

        assertEquals(
                List.of(),
                Lint.in(
                        "domain: llm\ndescriptors: [{key: path, rate_limit: {unit: minute, requests_per_unit: 2}}]\n",
                        filter(PATH) + headers));
    }

    private static List<String> ofDescriptors(String path) {
        String value = path.isEmpty() ? "" : ", value: \"" + path + "\"";
        return Lint.in(
                "domain: llm\ndescriptors: [{key: path" + value
                        + ", rate_limit: {unit: minute, requests_per_unit: 2}}]\n",
                filter(PATH));
    }

    private static List<String> found(String limit, String action) {
        return Lint.in(
                "domain: llm\nlimits: [{name: a, tier: ip, " + limit + ", allow: 1 requests / 1m}]\n", filter(action));
    }

    private static String filter(String action) {
        return Lint.filter("- actions:\n  " + action + "\n") + Lint.RATE_LIMIT_SERVICE;
    }
}
