package dev.weir.tools.lint.envoy;

import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks whether requests say how many tokens they ask for and how long they are, and cannot hide it. */
final class MaxTokensCheck {
    private final Policy policy;
    private final Problems problems;

    MaxTokensCheck(Policy policy, Problems problems) {
        this.policy = policy;
        this.problems = problems;
    }

    void check(EnvoyFile file) {
        for (Chain chain : file.chains()) {
            for (Chain.Call call : chain.calls()) {
                if (Held.by(policy.domain(call.domain())).estimated()) {
                    checkCall(call, chain.metadata());
                }
            }
        }
    }

    private void checkCall(Chain.Call call, Metadata metadata) {
        List<Entry> asking =
                call.asking().stream().filter(entry -> !entry.onStreamDone()).toList();
        if (!asking.isEmpty() && !isSent(Attributes.MAX_TOKENS, asking)) {
            problems.add(new Problem(
                    call.place(),
                    EnvoyRules.NO_MAX_TOKENS,
                    "no descriptor of domain `" + call.domain()
                            + "` has `max_tokens`, so every request holds the estimate; read it"
                            + " from the body by json_to_metadata"));
        }
        if (!asking.isEmpty() && !isSent(Attributes.PROMPT_BYTES, asking)) {
            problems.add(new Problem(
                    call.place(),
                    EnvoyRules.NO_PROMPT_BYTES,
                    "no descriptor of domain `" + call.domain() + "` has `" + Attributes.PROMPT_BYTES
                            + "`, so prompts are not held, however long; add `generic_key: {descriptor_key: "
                            + Attributes.PROMPT_BYTES
                            + ", descriptor_value: \"%BYTES_RECEIVED%\"}` behind json_to_metadata"));
        }
        for (Entry entry : asking) {
            Attribute maxTokens = entry.attribute(Attributes.MAX_TOKENS);
            MetadataKey key = maxTokens == null ? null : maxTokens.metadataKey();
            if (key != null) {
                checkHidden(metadata.of(key));
            }
        }
    }

    private static boolean isSent(String name, List<Entry> entries) {
        return entries.stream().anyMatch(entry -> entry.open() || entry.attribute(name) != null);
    }

    private void checkHidden(List<Write> writes) {
        List<Write> ofBody = writes.stream()
                .filter(write -> write.source() == Write.Source.REQUEST_BODY)
                .toList();
        boolean refused = ofBody.stream().anyMatch(write -> write.on().equals("on_error") && isRefused(write.value()));
        if (!ofBody.isEmpty() && !refused) {
            problems.add(ofBody.get(0)
                    .block()
                    .problem(
                            EnvoyRules.HIDDEN_MAX_TOKENS,
                            "a body that cannot be parsed hides how much it asks for; add an `on_error` with"
                                    + " `value: unreadable`, which Weir refuses"));
        }
    }

    /** Returns whether Weir refuses a value: anything but a whole number. */
    private static boolean isRefused(@Nullable String value) {
        return value != null && !value.matches("[0-9]+([.]0+)?");
    }
}
