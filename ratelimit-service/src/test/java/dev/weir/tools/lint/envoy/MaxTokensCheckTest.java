package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class MaxTokensCheckTest {
    private static final String ON_ERROR = "on_error: {metadata_namespace: llm, key: max_tokens, value: unreadable}";
    private static final String ON_PRESENT = "on_present: {metadata_namespace: llm, key: max_tokens, type: STRING}";

    @Test
    void withoutMaxTokensEveryRequestHoldsTheEstimate() {
        String without = Lint.changed("descriptor_key: max_tokens", "descriptor_key: weir.other");

        assertEquals(List.of("no-max-tokens | domain: llm"), Lint.in(Lint.POLICY, without));
        assertEquals(
                List.of(),
                Lint.in(Lint.POLICY.replace("estimate: 500", "charge: after"), without),
                "what holds nothing needs none");
    }

    @Test
    void withoutItsSizeNoPromptIsHeld() {
        String without = Lint.changed("descriptor_key: prompt_bytes", "descriptor_key: weir.other");

        assertEquals(List.of("no-prompt-bytes | domain: llm"), Lint.in(Lint.POLICY, without));
        assertEquals(
                List.of(),
                Lint.in(Lint.POLICY.replace("estimate: 500", "charge: after"), without),
                "what holds nothing needs none");
    }

    @Test
    void whatIsSentAtTheEndAsksForNothing() {
        String item = "rate_limits:\n              - {apply_on_stream_done: true, actions: [{remote_address: {}}]}\n"
                + "              - apply_on_stream_done: true";

        assertEquals(List.of(), Lint.after("rate_limits:\n              - apply_on_stream_done: true", item));
    }

    @Test
    void aBodyThatCannotBeParsedHidesNothing() {
        assertEquals(List.of("hidden-max-tokens | " + ON_PRESENT), Lint.after(ON_ERROR, "x: y"));
        assertEquals(
                List.of("hidden-max-tokens | " + ON_PRESENT),
                Lint.after(ON_ERROR, ON_ERROR.replace("unreadable", "256")));
        assertEquals(List.of(), Lint.after(ON_ERROR, ON_ERROR.replace("on_error", "onError")));
    }
}
