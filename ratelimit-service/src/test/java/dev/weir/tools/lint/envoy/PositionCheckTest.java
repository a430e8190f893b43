package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionCheckTest {
    private static final String POLICY = """
            domain: llm
            descriptors:
              - key: app
                rate_limit: {unit: minute, requests_per_unit: 9}
                descriptors:
                  - {key: plan, value: free, rate_limit: {unit: minute, requests_per_unit: 2}}
            """;
    private static final String APP = "{request_headers: {header_name: x-app, descriptor_key: app}}";
    private static final String PLAN = "{request_headers: {header_name: x-plan, descriptor_key: plan}}";

    @Test
    void entriesInTheOrderOfTheLimitsLeadToThem() {
        assertEquals(List.of(), found("- actions: [" + APP + "]", "- actions: [" + APP + ", " + PLAN + "]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- actions: [" + PLAN + ", " + APP + "]",
                "- actions: [" + PLAN + "]",
                "- actions: [" + APP + ", " + PLAN + ", {destination_cluster: {}}]",
                "- actions: [" + APP + ", {generic_key: {descriptor_key: plan, descriptor_value: paid}}]"
            })
    void swappedMissingOrMoreEntriesLeadNowhere(String item) {
        assertEquals(
                List.of("leads-nowhere | " + item),
                found("- actions: [" + APP + "]", "- actions: [" + APP + ", " + PLAN + "]", item));
    }

    @Test
    void aLimitThatNothingLeadsToNeverApplies() {
        assertEquals(List.of("unreachable-limit | domain: llm"), found("- actions: [" + APP + "]"));
    }

    @Test
    void whatMayBeLeftOutMayLeadToEither() {
        String optional = PLAN.replace("}}", ", skip_if_absent: true}}");

        assertEquals(List.of(), found("- actions: [" + APP + ", " + optional + "]"));
    }

    @Test
    void whatAnExtensionMakesIsNotJudged() {
        assertEquals(List.of(), found("- actions: [{extension: {name: envoy.rate_limit_descriptors.expr}}]"));
    }

    private static List<String> found(String... items) {
        return Lint.in(POLICY, Lint.filter(String.join("\n", items) + "\n") + Lint.RATE_LIMIT_SERVICE);
    }
}
