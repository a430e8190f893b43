package dev.weir.tools.lint;

import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import java.util.Comparator;
import java.util.List;

/** Checks whether external authorization can tell which domain to charge. */
final class Admission {
    private static final Comparator<Domain> IN_ORDER =
            Comparator.comparing(domain -> domain.source().place());

    private Admission() {}

    /** @param findings a list that gets one more if another domain admits too and stands before this one */
    static void find(Domain domain, Policy policy, List<Finding> findings) {
        if (!domain.settings().admit()) {
            return;
        }
        policy.domains().values().stream()
                .filter(other -> other.settings().admit() && IN_ORDER.compare(other, domain) < 0)
                .min(IN_ORDER)
                .ifPresent(first -> findings.add(Finding.of(
                        domain,
                        LintRules.AMBIGUOUS_ADMISSION,
                        "has `admit: true`, and so has `" + first.name()
                                + "`: external authorization cannot tell which of them is meant unless the route says"
                                + " `weir.domain` in context_extensions")));
    }
}
