package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageCheckTest {
    private static final String FORMAT = "\"%DYNAMIC_METADATA(llm:total_tokens)%\"";
    private static final String HITS = "hits_addend: {format: " + FORMAT + "}";
    private static final String SETTLE_LINE = "- apply_on_stream_done: true";
    private static final String SENTINEL = "value: {total_tokens: 1000000000}";
    private static final String ON_PRESENT = "on_present: {metadata_namespace: llm, key: total_tokens, type: NUMBER}";

    @Test
    void aSettlementWithoutHitsTellsNothing() {
        assertEquals(List.of("no-usage | " + SETTLE_LINE), Lint.after(HITS, "stage: 0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"%DYNAMIC_METADATA(lm:total_tokens)%\"",
                "'%COALESCE({\"operators\":[{\"command\":\"DYNAMIC_METADATA\",\"param\":\"lm:total_tokens\"}]})%'",
                "\"%CEL(int(metadata.filter_metadata['lm']['total_tokens']))%\""
            })
    void hitsThatNobodyWritesDropEverySettlement(String format) {
        assertEquals(List.of("unwritten-metadata | hits_addend: {format: " + format + "}"), Lint.after(FORMAT, format));
        assertEquals(List.of(), Lint.after(FORMAT, format.replace("lm", "llm")));
    }

    @ParameterizedTest
    @CsvSource({"1000000000, true", "1000000000.0, true", "1e9, true", "0, false", "'\"\"', false", "100000000, false"})
    void aMissingUsageIsTheSentinelAndNothingElse(String value, boolean sound) {
        String written = "value: {total_tokens: " + value + "}";

        assertEquals(sound ? List.of() : List.of("usage-sentinel | " + written), Lint.after(SENTINEL, written));
    }

    @Test
    void withoutTheSentinelAMissingUsageDropsTheSettlement() {
        assertEquals(List.of("usage-sentinel | " + SETTLE_LINE), Lint.after(SENTINEL, "value: {other: 1}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"on_missing", "on_error", "onError"})
    void noFallbackWritesOverTheSentinel(String on) {
        String fallback = on + ": {metadata_namespace: llm, key: total_tokens, value: 0}";
        String indent = "\n                  ";

        assertEquals(List.of("usage-sentinel | " + fallback), Lint.after(ON_PRESENT, ON_PRESENT + indent + fallback));
        assertEquals(
                List.of(),
                Lint.after(
                        ON_PRESENT,
                        ON_PRESENT + indent + fallback.replace("}", ", preserve_existing_metadata_value: true}")));
    }

    @Test
    void streamsReportTheirUsageInEvents() {
        assertEquals(List.of("stream-usage | " + SETTLE_LINE), Lint.after(".SseToMetadata", ".Other"));
        assertEquals(List.of("stream-usage | x: y"), Lint.after("max_event_size: 262144", "x: y"));
    }

    @Test
    void theParserOfEventsWritesMetadataToo() {
        String parser = """
                  "@type": type.googleapis.com/envoy.extensions.filters.http.sse_to_metadata.v3.SseToMetadata
                  response_rules:
                    max_event_size: 65536
                    content_parser:
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.content_parsers.json.v3.JsonContentParser
                        rules: [{rule: {on_present: {metadata_namespace: sse, key: used}}}]
                """;
        String envoy = Lint.changed(FORMAT, "\"%DYNAMIC_METADATA(sse:used)%\"", SENTINEL, "value: {other: 1}");

        assertEquals(
                List.of("usage-sentinel | " + SETTLE_LINE), Lint.in(Lint.POLICY, envoy + "---\n" + parser.indent(-2)));
    }

    @Test
    void whereNoTokensAreLimitedNobodyNeedsThem() {
        assertEquals(
                List.of(),
                Lint.in(
                        Lint.POLICY.replaceAll(".*user-tokens.*\n", ""),
                        Lint.changed(HITS, "stage: 0", SENTINEL, "value: {other: 1}")));
    }
}
