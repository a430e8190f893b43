package dev.weir.tools.lint.envoy;

import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.Spelling;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Checks whether the filters and the policy speak of the same domains. */
final class DomainCheck {
    private final Policy policy;
    private final Problems problems;

    DomainCheck(Policy policy, Problems problems) {
        this.policy = policy;
        this.problems = problems;
    }

    void check(EnvoyFile file) {
        Set<String> asked = new TreeSet<>();
        for (Chain chain : file.chains()) {
            for (Chain.Call call : chain.calls()) {
                if (asked.add(call.domain()) || policy.domain(call.domain()) == null) {
                    checkKnown(call);
                }
                if (call.entries().isEmpty() && hasItsOwnRoutes(chain)) {
                    problems.add(
                            new Problem(
                                    call.place(),
                                    EnvoyRules.NO_DESCRIPTORS,
                                    "neither this filter nor a route has `rate_limits`, so Envoy never asks; add some to the filter"));
                }
            }
        }
        for (Map.Entry<String, Domain> named : new TreeMap<>(policy.domains()).entrySet()) {
            String domain = named.getKey();
            checkAdmitted(named.getValue(), file);
            boolean admitted = named.getValue().settings().admit() && file.authorizes();
            if (!asked.contains(domain) && !admitted) {
                problems.add(new Problem(
                        file.place(),
                        EnvoyRules.UNASKED_DOMAIN,
                        "no filter here asks for the policy's domain `" + domain + "`"));
            }
        }
    }

    /** Checks whether somebody asks for room where what was used is reported. */
    private void checkAdmitted(Domain domain, EnvoyFile file) {
        List<Chain.Call> calls = file.chains().stream()
                .flatMap(chain -> chain.calls().stream())
                .filter(call -> call.domain().equals(domain.name()))
                .toList();
        boolean onlyReported = calls.stream()
                .allMatch(call -> !call.entries().isEmpty() && call.asking().isEmpty());
        if (!calls.isEmpty() && onlyReported && !(domain.settings().admit() && file.authorizes())) {
            problems.add(new Problem(
                    calls.get(0).place(),
                    EnvoyRules.NEVER_ADMITTED,
                    "no filter asks whether a request of `" + domain.name()
                            + "` may pass, this one only reports the end; add `admit: true` to the domain where ext_authz shall"
                            + " ask, or a ratelimit filter with descriptors that have no `apply_on_stream_done`"));
        }
    }

    private void checkKnown(Chain.Call call) {
        if (policy.domain(call.domain()) == null) {
            Set<String> known = new TreeSet<>(policy.domains().keySet());
            problems.add(new Problem(
                    call.place(), EnvoyRules.UNKNOWN_DOMAIN, Spelling.unknown("domain", call.domain(), known)));
        }
    }

    /** Returns whether all routes are in the file and none overrides a filter: others may bring descriptors along. */
    private static boolean hasItsOwnRoutes(Chain chain) {
        return chain.manager() != null
                && chain.manager().block("route_config") != null
                && chain.perRoute().isEmpty();
    }
}
