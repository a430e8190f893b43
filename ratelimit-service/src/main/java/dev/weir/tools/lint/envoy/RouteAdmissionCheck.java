package dev.weir.tools.lint.envoy;

import dev.weir.config.Problems;
import dev.weir.config.Spelling;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import dev.weir.request.ReservedNames;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks whether Weir can follow what routes tell it about admission, see {@code dev.weir.envoy.authz.AdmittingDomain}. */
final class RouteAdmissionCheck {

    private final Policy policy;
    private final Problems problems;

    RouteAdmissionCheck(Policy policy, Problems problems) {
        this.policy = policy;
        this.problems = problems;
    }

    void check(EnvoyFile file) {
        for (Chain chain : file.chains()) {
            chain.contextExtensions()
                    .forEach(extensions ->
                            extensions.scalars().forEach((name, value) -> check(extensions, name, value)));
        }
    }

    private void check(EnvoyMessage extensions, String name, @Nullable String value) {
        if (name.equals(ReservedNames.DOMAIN)) {
            // Weir looks for no domain where it charges nothing.
            if (value != null && !"false".equals(extensions.text(ReservedNames.ADMIT))) {
                checkDomain(extensions, value);
            }
        } else if (name.equals(ReservedNames.ADMIT)) {
            if (value != null && !value.equals("true") && !value.equals("false")) {
                add(
                        extensions,
                        name,
                        "`" + ReservedNames.ADMIT + "` must be \"true\" or \"false\", found `" + value + "`");
            }
        } else if (name.startsWith(Attributes.RESERVED_PREFIX)) {
            add(extensions, name, Spelling.unknown("name", name, List.of(ReservedNames.DOMAIN, ReservedNames.ADMIT)));
        }
    }

    private void checkDomain(EnvoyMessage extensions, String name) {
        Domain domain = policy.domain(name);
        Set<String> known = new TreeSet<>(policy.domains().keySet());
        if (domain == null) {
            add(extensions, ReservedNames.DOMAIN, Spelling.unknown("domain", name, known));
        } else if (!domain.settings().admit()) {
            add(
                    extensions,
                    ReservedNames.DOMAIN,
                    "domain `" + name + "` has no `admit: true` in the policy; add it, or remove this line");
        }
    }

    private void add(EnvoyMessage extensions, String field, String message) {
        problems.add(extensions.problem(field, EnvoyRules.ROUTE_ADMISSION, message));
    }
}
