package dev.weir.lint;

import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.Rule;
import dev.weir.config.Spelling;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Policy;
import dev.weir.policy.Source;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks for what a policy says but hardly means. A limit, or its domain, may ignore a rule and says why:
 * <code>ignore: {no-short-window: "the provider spreads it"}</code>.
 */
public final class PolicyLint {
    private PolicyLint() {}

    /**
     * @param known the names of all rules that may be ignored, those of other checks among them
     * @return in order of place
     */
    public static List<Problem> check(Policy policy, Set<String> known) {
        Problems problems = new Problems();
        for (Domain domain : policy.domains().values()) {
            check(domain, known, problems);
        }
        return problems.inOrder();
    }

    private static void check(Domain domain, Set<String> known, Problems problems) {
        List<Finding> findings = new ArrayList<>();
        Redundancy.find(domain, findings);
        Scheme.find(domain, findings);
        Habits.find(domain, findings);
        findings.stream()
                .filter(finding -> !isIgnored(finding, domain))
                .forEach(finding -> problems.add(finding.problem()));
        checkIgnored(domain.source(), findings, known, problems);
        for (Limit limit : domain.limits()) {
            List<Finding> own = findings.stream()
                    .filter(finding -> finding.source().equals(limit.source()))
                    .toList();
            checkIgnored(limit.source(), own, known, problems);
        }
    }

    private static boolean isIgnored(Finding finding, Domain domain) {
        String rule = finding.rule().name();
        return finding.source().ignored().containsKey(rule)
                || domain.source().ignored().containsKey(rule);
    }

    private static void checkIgnored(Source source, List<Finding> findings, Set<String> known, Problems problems) {
        Set<String> found = new HashSet<>();
        findings.forEach(finding -> found.add(finding.rule().name()));
        Set<String> own = new HashSet<>(LintRules.all().stream().map(Rule::name).toList());
        for (String rule : source.ignored().keySet()) {
            if (!known.contains(rule)) {
                problems.add(new Problem(
                        source.place(), LintRules.UNKNOWN_RULE, "`ignore`: " + Spelling.unknown("rule", rule, known)));
            } else if (own.contains(rule) && !found.contains(rule)) {
                problems.add(new Problem(
                        source.place(),
                        LintRules.UNUSED_IGNORE,
                        "`ignore`: the rule `" + rule + "` finds nothing here; remove it"));
            }
        }
    }
}
