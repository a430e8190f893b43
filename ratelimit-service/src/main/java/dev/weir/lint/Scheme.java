package dev.weir.lint;

import dev.weir.policy.Condition;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How quotas are divided between environments and services (R2.9). */
final class Scheme {
    private static final String ENVIRONMENT = "environment";
    private static final Set<String> PROD = Set.of("prod", "production");
    private static final Set<String> BELOW_PROD =
            Set.of("dev", "development", "test", "testing", "qa", "stage", "staging", "sandbox");
    /** A key belongs to one environment. */
    private static final String KEY = "key";

    private static final int MOST_PROMISED_PERCENT = 90;

    private Scheme() {}

    static void find(Domain domain, List<Finding> findings) {
        findProdSharing(domain, findings);
        findDevAboveProd(domain, findings);
        findPromises(domain, findings);
    }

    private static void findProdSharing(Domain domain, List<Finding> findings) {
        if (domain.limits().stream().noneMatch(Scheme::tellsEnvironmentsApart)) {
            return;
        }
        for (Limit limit : domain.limits()) {
            if (!limit.tier().isGlobal()
                    && !limit.allow().unlimited()
                    && !limit.per().contains(KEY)
                    && !tellsEnvironmentsApart(limit)) {
                findings.add(Finding.of(
                        limit,
                        LintRules.PROD_SHARES,
                        "counts production and other environments in one bucket; add `" + ENVIRONMENT
                                + "` to `per` or narrow `when`"));
            }
        }
    }

    private static boolean tellsEnvironmentsApart(Limit limit) {
        return limit.per().contains(ENVIRONMENT)
                || condition(limit, ENVIRONMENT).isPresent();
    }

    private static void findDevAboveProd(Domain domain, List<Finding> findings) {
        for (Limit dev : domain.limits()) {
            for (Limit prod : domain.limits()) {
                if (isFor(dev, BELOW_PROD)
                        && isFor(prod, PROD)
                        && areAlikeBut(dev, prod, ENVIRONMENT)
                        && dev.allow().amount() >= prod.allow().amount()) {
                    findings.add(Finding.of(
                            dev,
                            LintRules.DEV_ABOVE_PROD,
                            "allows " + dev.allows() + ", production by `" + prod.name() + "` only " + prod.allows()
                                    + "; lower it"));
                }
            }
        }
    }

    private static boolean isFor(Limit limit, Set<String> environments) {
        return condition(limit, ENVIRONMENT)
                .filter(condition -> isExact(condition) && environments.containsAll(condition.values()))
                .isPresent();
    }

    private static boolean areAlikeBut(Limit one, Limit other, String attribute) {
        return one.tier().equals(other.tier())
                && one.per().equals(other.per())
                && one.allow().measure() == other.allow().measure()
                && one.allow().window().equals(other.allow().window())
                && without(one, attribute).equals(without(other, attribute));
    }

    private static List<Condition> without(Limit limit, String attribute) {
        return limit.when().stream()
                .filter(condition -> !condition.attribute().equals(attribute))
                .toList();
    }

    /** Limits of single values of one attribute, each with one bucket, beside a limit for everybody with the same window. */
    private static void findPromises(Domain domain, List<Finding> findings) {
        for (Limit all : domain.limits()) {
            if (!all.per().isEmpty()
                    || !all.when().isEmpty()
                    || all.allow().unlimited()
                    || all.allow().window() instanceof Window.None) {
                continue;
            }
            promisesBeside(all, domain).forEach((attribute, promised) -> {
                long sum = promised.stream()
                        .mapToLong(limit -> limit.allow().amount())
                        .sum();
                if (promised.size() > 1 && sum > all.allow().amount() / 100.0 * MOST_PROMISED_PERCENT) {
                    findings.add(Finding.of(
                            all,
                            LintRules.NO_HEADROOM,
                            "allows " + all.allows() + ", of which " + sum + " are promised by `" + attribute + "` ("
                                    + String.join(
                                            ", ",
                                            promised.stream().map(Limit::name).toList())
                                    + "); leave at least 10 % to nobody"));
                }
            });
        }
    }

    private static Map<String, List<Limit>> promisesBeside(Limit all, Domain domain) {
        Map<String, List<Limit>> promises = new HashMap<>();
        for (Limit limit : domain.limits()) {
            boolean counted = limit.order() != all.order()
                    && !limit.allow().unlimited()
                    && limit.allow().measure() == all.allow().measure()
                    && limit.allow().window().equals(all.allow().window())
                    && limit.when().size() == 1
                    && isExact(limit.when().get(0))
                    && limit.when().get(0).values().size() == 1
                    && List.of(limit.when().get(0).attribute()).containsAll(limit.per());
            if (counted) {
                promises.computeIfAbsent(limit.when().get(0).attribute(), none -> new ArrayList<>())
                        .add(limit);
            }
        }
        return promises;
    }

    private static boolean isExact(Condition condition) {
        return condition.needsAttribute() && condition.globs().isEmpty();
    }

    private static Optional<Condition> condition(Limit limit, String attribute) {
        return limit.when().stream()
                .filter(condition -> condition.attribute().equals(attribute))
                .findFirst();
    }
}
