package dev.weir.tools.lint;

import dev.weir.config.Rule;
import dev.weir.config.Severity;
import dev.weir.config.Spelling;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Source;
import dev.weir.policy.tiers.TiersRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks whether what is ignored is there to be ignored. */
final class Ignored {
    /** The rules about a policy by itself; what the others find depends on files that are not always at hand. */
    private static final Set<Rule> OF_POLICIES =
            Stream.of(LintRules.all(), TiersRules.all()).flatMap(List::stream).collect(Collectors.toUnmodifiableSet());
    /** The rules about `ignore` itself; what they find is not known beforehand. */
    private static final Set<Rule> OF_THIS = Set.of(LintRules.UNKNOWN_RULE, LintRules.UNUSED_IGNORE);

    private final Map<String, Rule> known;
    private final List<Finding> unused = new ArrayList<>();

    private Ignored(Map<String, Rule> known) {
        this.known = known;
    }

    /** @param found the findings in the domain, whether ignored or not */
    static List<Finding> check(Domain domain, List<Finding> found, Map<String, Rule> known) {
        Ignored ignored = new Ignored(known);
        ignored.check(domain.source(), found, true);
        Map<Source, List<Finding>> bySource = found.stream().collect(Collectors.groupingBy(Finding::source));
        for (Limit limit : domain.limits()) {
            Source source = limit.source();
            ignored.check(source, bySource.getOrDefault(source, List.of()), false);
        }
        return ignored.unused;
    }

    private void check(Source source, List<Finding> findings, boolean ofDomain) {
        Set<Rule> found = findings.stream().map(Finding::rule).collect(Collectors.toSet());
        for (String name : source.ignored().keySet().stream().sorted().toList()) {
            Rule rule = known.get(name);
            if (rule == null) {
                add(source, LintRules.UNKNOWN_RULE, Spelling.unknown("rule", name, known.keySet()));
            } else if (rule.severity() == Severity.ERROR) {
                add(source, LintRules.UNUSED_IGNORE, "`" + name + "` is an error, which cannot be ignored; remove it");
            } else if (!OF_POLICIES.contains(rule)) {
                if (!ofDomain) {
                    add(
                            source,
                            LintRules.UNUSED_IGNORE,
                            "`" + name
                                    + "` is about Envoy's configuration, not about a limit; move it to the domain's `ignore`");
                }
            } else if (!found.contains(rule) && !OF_THIS.contains(rule)) {
                add(source, LintRules.UNUSED_IGNORE, "the rule `" + name + "` finds nothing here; remove it");
            }
        }
    }

    private void add(Source source, Rule rule, String message) {
        unused.add(new Finding(source, rule, "`ignore`: " + message));
    }
}
