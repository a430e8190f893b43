package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeCheckTest {
    private static final String ONE =
            "domain: llm\nlimits: [{name: a, tier: user, per: [generic_key], allow: 1 requests / 1s}]\n";

    private static final String FLAG =
            "envoy.reloadable_features.enable_formatter_for_ratelimit_action_descriptor_value: true";

    @ParameterizedTest
    @ValueSource(strings = {"hits_addend: {number: 3}", "hitsAddend: {number: 3}", "is_negative_hits: true"})
    void hitsAreIgnoredInRoutes(String hits) {
        String atRoute = """
                ---
                virtual_hosts:
                - rate_limits:
                  - actions: [{generic_key: {descriptor_value: x}}]
                    %s
                """.formatted(hits);
        String filter = Lint.filter("- actions: [{generic_key: {descriptor_value: x}}]\n");

        assertEquals(List.of("ignored-hits-addend | " + hits), Lint.in(ONE, filter + atRoute));
        assertEquals(List.of(), Lint.in(ONE, filter + "  " + hits + "\n"), "in the filter they count");
    }

    @Test
    void commandsWithoutTheRuntimeFlagAreLiteralText() {
        String line = "- generic_key: {descriptor_key: weir.response_code, descriptor_value: \"%RESPONSE_CODE%\"}";

        String other = "- generic_key: {descriptor_key: prompt_bytes, descriptor_value: \"%BYTES_RECEIVED%\"}";
        List<String> found = List.of("formatter-flag | " + other, "formatter-flag | " + line);

        assertEquals(found, Lint.after(FLAG, "other: true"));
        assertEquals(found, Lint.after(FLAG, FLAG.replace("true", "false")));
    }

    @Test
    void aRuntimeThatTheFileDoesNotHaveMaySetTheFlag() {
        assertEquals(List.of(), Lint.after(FLAG, "other: true", "layers:\n", "layers:\n  - rtds_layer: {}\n"));
        assertEquals(List.of(), Lint.after(FLAG, "other: true", "static_resources:", "resources:"));
    }

    @Test
    void metadataThatNobodyWritesIsMissing() {
        assertEquals(
                List.of("unwritten-metadata | metadata_key: {key: llm, path: [{key: max_tokns}]}"),
                Lint.after("{key: llm, path: [{key: max_tokens}]}", "{key: llm, path: [{key: max_tokns}]}"));
    }

    @Test
    void codeMayWriteAnyMetadata() {
        String lua = "- typed_config: {\"@type\": x/envoy.extensions.filters.http.lua.v3.Lua, default_source_code:"
                + " {inline_string: \"handle:streamInfo():dynamicMetadata():%s('llm')\"}}\n          route_config:";
        String wrong = "{key: llm, path: [{key: max_tokns}]}";
        String right = "{key: llm, path: [{key: max_tokens}]}";

        assertEquals(List.of(), Lint.after(right, wrong, "route_config:", lua.formatted("set")));
        assertEquals(
                List.of("unwritten-metadata | metadata_key: " + wrong),
                Lint.after(right, wrong, "route_config:", lua.formatted("get")));
    }

    @ParameterizedTest
    @ValueSource(strings = {", type: NUMBER", ""})
    void aNumberDoesNotGetIntoADescriptor(String type) {
        String writes = "on_present: {metadata_namespace: llm, key: max_tokens%s}";

        assertEquals(
                List.of("metadata-not-text | " + writes.formatted(type)),
                Lint.after(writes.formatted(", type: STRING"), writes.formatted(type)));
    }
}
