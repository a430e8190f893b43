package dev.weir.tools.lint;

import dev.weir.config.Rule;
import dev.weir.config.YamlRules;
import dev.weir.policy.Policies;
import dev.weir.policy.limits.PolicyRules;
import dev.weir.tools.lint.envoy.EnvoyRules;
import java.util.List;
import java.util.stream.Stream;

/** What lint says of a policy for tests, but for {@link Uncovered}: few of them have a limit for everybody. */
final class Found {
    private Found() {}

    /**
     * {@code line:column: severity rule: message}.
     *
     * @param limits a line for each, from the third of the file on
     */
    static List<String> in(String... limits) {
        return inFile("domain: llm\nlimits:\n" + String.join("\n", limits) + "\n");
    }

    static List<String> inFile(String yaml) {
        return PolicyLint.check(Policies.of(yaml), all()).stream()
                .filter(problem -> !problem.rule().equals(LintRules.UNCOVERED))
                .map(problem -> problem.toString().replaceFirst("^.*?\\.yaml:", ""))
                .toList();
    }

    private static List<Rule> all() {
        return Stream.of(YamlRules.all(), PolicyRules.all(), LintRules.all(), EnvoyRules.all())
                .flatMap(List::stream)
                .toList();
    }
}
