package dev.weir.tools.lint.envoy;

import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import java.util.List;

/** Checks domains whose limits external authorization charges: nobody else may charge them too, and it must see what is asked for. */
final class AdmitCheck {
    private static final String BODY = "llm";

    private final Policy policy;
    private final Problems problems;

    AdmitCheck(Policy policy, Problems problems) {
        this.policy = policy;
        this.problems = problems;
    }

    void check(EnvoyFile file) {
        List<Domain> admitting = policy.domains().values().stream()
                .filter(domain -> domain.settings().admit())
                .toList();
        for (Chain chain : file.chains()) {
            chain.calls().forEach(this::checkChargedOnce);
            if (admitting.stream().anyMatch(domain -> Held.by(domain).tokens())) {
                chain.authorizations().forEach(this::checkSeesBody);
            }
        }
    }

    private void checkChargedOnce(Chain.Call call) {
        Domain domain = policy.domain(call.domain());
        if (domain != null
                && domain.settings().admit()
                && call.asking().stream().anyMatch(entry -> !entry.onStreamDone())) {
            problems.add(new Problem(
                    call.place(),
                    EnvoyRules.CHARGED_TWICE,
                    "external authorization charges the limits of `" + call.domain()
                            + "` already; remove the descriptors without `apply_on_stream_done`, or `admit: true`"));
        }
    }

    private void checkSeesBody(EnvoyMessage authorization) {
        if (!authorization.texts("metadata_context_namespaces").contains(BODY)) {
            problems.add(authorization.problem(
                    "metadata_context_namespaces",
                    EnvoyRules.UNSEEN_BODY,
                    "Weir does not see `max_tokens`, so every request holds the estimate; add"
                            + " `metadata_context_namespaces: [" + BODY + "]` and parse the body before"));
        }
    }
}
