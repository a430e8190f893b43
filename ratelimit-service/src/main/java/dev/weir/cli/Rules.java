package dev.weir.cli;

import dev.weir.config.Rule;
import dev.weir.config.YamlRules;
import dev.weir.policy.descriptors.DescriptorRules;
import dev.weir.policy.limits.PolicyRules;
import dev.weir.policy.tiers.TiersRules;
import dev.weir.tools.lint.LintRules;
import dev.weir.tools.lint.envoy.EnvoyRules;
import dev.weir.xds.XdsRules;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Lists all rules. */
final class Rules {
    private Rules() {}

    static List<Rule> all() {
        return Stream.of(
                        YamlRules.all(),
                        PolicyRules.all(),
                        DescriptorRules.all(),
                        TiersRules.all(),
                        XdsRules.all(),
                        LintRules.all(),
                        EnvoyRules.all())
                .flatMap(List::stream)
                .toList();
    }

    static Set<String> names() {
        Set<String> names = new TreeSet<>();
        all().forEach(rule -> names.add(rule.name()));
        return names;
    }
}
