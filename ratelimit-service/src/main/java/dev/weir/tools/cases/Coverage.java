package dev.weir.tools.cases;

import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Records which limits of the policies have charged or refused anything. */
final class Coverage {
    private final Map<String, Set<String>> exercised = new HashMap<>();

    /** Returns the names of a domain's limits that were exercised, a set to add to. */
    Set<String> of(CaseFile file, Domain domain) {
        return exercised.computeIfAbsent(file.policyName() + '\n' + domain.name(), key -> new HashSet<>());
    }

    /** @param taking whether the request takes anything; one that only asks for room, or gives back, charges nothing */
    static void note(Decision decision, boolean taking, Set<String> exercised) {
        boolean charged = taking && decision instanceof Decision.Allowed;
        List<LimitStatus> asked = new ArrayList<>(decision.standings());
        asked.addAll(decision.shadows());
        for (LimitStatus standing : asked) {
            if (charged
                    || (decision instanceof Decision.Refused && standing.level().refuses())) {
                exercised.add(standing.limit().name());
            }
        }
    }

    /** Returns the limits of all the files' policies that were not exercised, without the domains that have none. */
    List<Results.Idle> idle(List<CaseFile> files) {
        Set<Results.Idle> idle = new HashSet<>();
        for (CaseFile file : files) {
            for (Domain domain : file.policy().domains().values()) {
                List<String> names = domain.limits().stream()
                        .filter(limit -> !limit.allow().unlimited())
                        .map(Limit::name)
                        .filter(name -> !of(file, domain).contains(name))
                        .toList();
                if (!names.isEmpty()) {
                    idle.add(new Results.Idle(file.policyName(), domain.name(), names));
                }
            }
        }
        List<Results.Idle> sorted = new ArrayList<>(idle);
        sorted.sort(Comparator.comparing(Results.Idle::policy).thenComparing(Results.Idle::domain));
        return sorted;
    }
}
