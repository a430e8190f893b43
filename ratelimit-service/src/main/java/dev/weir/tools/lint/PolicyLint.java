package dev.weir.tools.lint;

import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.Rule;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks for what a policy says but hardly means. A limit, or its domain, may ignore a rule and say why:
 * <code>ignore: {no-short-window: "the provider spreads it"}</code>.
 */
public final class PolicyLint {
    private PolicyLint() {}

    /**
     * @param known all rules that exist, including those of other checks
     * @return the problems, in order of place
     */
    public static List<Problem> check(Policy policy, Collection<Rule> known) {
        Map<String, Rule> byName = new TreeMap<>();
        known.forEach(rule -> byName.put(rule.name(), rule));
        Problems problems = new Problems();
        for (Domain domain : policy.domains().values()) {
            findings(domain, policy, byName).stream()
                    .filter(finding -> !isIgnored(finding, domain))
                    .forEach(finding -> problems.add(finding.problem()));
        }
        return problems.inOrder();
    }

    private static List<Finding> findings(Domain domain, Policy policy, Map<String, Rule> known) {
        List<Finding> findings = new ArrayList<>();
        // The reader of the descriptors dialect notes what there is to find: limits match and count differently there.
        domain.notes().forEach(note -> findings.add(Finding.of(note)));
        if (domain.descriptors() == null) {
            Redundancy.find(domain, findings);
            EnvironmentSplit.find(domain, findings);
            LimitConventions.find(domain, findings);
            Uncovered.find(domain, findings);
            Admission.find(domain, policy, findings);
        }
        findings.addAll(Ignored.check(domain, List.copyOf(findings), known));
        return findings;
    }

    private static boolean isIgnored(Finding finding, Domain domain) {
        String rule = finding.rule().name();
        return finding.source().ignored().containsKey(rule)
                || domain.source().ignored().containsKey(rule);
    }
}
