package dev.weir.tools.lint.envoy;

import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.policy.Policy;
import java.nio.file.Path;
import java.util.List;

/** Checks an Envoy configuration against a policy. */
public final class EnvoyLint {
    private EnvoyLint() {}

    /**
     * @param envoyFile a bootstrap, a part of one, a dump, or Istio manifests, in YAML or JSON. What a part leaves open is not held
     *     against it
     * @return what was found, in order of place; one problem alone where the file cannot be read
     */
    public static List<Problem> check(Policy policy, Path envoyFile) {
        Problems problems = new Problems();
        EnvoyFile file = EnvoyFileReader.read(envoyFile, problems);
        if (file != null) {
            check(policy, file, problems);
        }
        // Parts outside of connection managers were checked with each of them.
        return problems.inOrder().stream().distinct().toList();
    }

    private static void check(Policy policy, EnvoyFile file, Problems problems) {
        boolean admits = file.authorizes()
                && policy.domains().values().stream()
                        .anyMatch(domain -> domain.settings().admit());
        if (!admits && file.filters().findAny().isEmpty()) {
            problems.add(new Problem(
                    file.place(),
                    EnvoyRules.NOTHING_FOUND,
                    "has no ratelimit filter; name the file that has the HTTP filters"));
            return;
        }
        new DomainCheck(policy, problems).check(file);
        new DescriptorCheck(policy, problems).check(file);
        new PositionCheck(policy, problems).check(file);
        new AttributeCheck(problems).check(file);
        new CallCheck(policy, problems).check(file);
        new ClusterCheck(problems).check(file);
        new AdmitCheck(policy, problems).check(file);
        new RouteAdmissionCheck(policy, problems).check(file);
        new SettlementCheck(policy, problems).check(file);
        new UsageCheck(policy, problems).check(file);
        new MaxTokensCheck(policy, problems).check(file);
        new IdentityCheck(policy, problems).check(file);
        new RequestSourceCheck(policy, problems).check(file);
        new DurationCheck(policy, problems).check(file);
    }
}
