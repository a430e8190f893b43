package dev.weir.tools.lint;

import dev.weir.measure.Measure;
import dev.weir.policy.Condition;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Tier;
import dev.weir.policy.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Checks how quotas are divided between environments and services (R2.9). */
final class EnvironmentSplit {
    private static final String ENVIRONMENT = "environment";
    private static final Set<String> PROD = Set.of("prod", "production");
    private static final Set<String> BELOW_PROD =
            Set.of("dev", "development", "test", "testing", "qa", "stage", "staging", "sandbox");
    /** The attribute of a key, which belongs to one environment. */
    private static final String KEY = "key";

    private static final int MOST_PROMISED_PERCENT = 90;

    private EnvironmentSplit() {}

    static void find(Domain domain, List<Finding> findings) {
        findProdSharing(domain, findings);
        findDevAboveProd(domain, findings);
        findPromises(domain, findings);
    }

    private static void findProdSharing(Domain domain, List<Finding> findings) {
        if (domain.limits().stream().noneMatch(EnvironmentSplit::tellsEnvironmentsApart)) {
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
        Map<Likeness, List<Limit>> forProd = domain.limits().stream()
                .filter(limit -> isFor(limit, PROD) && !limit.allow().unlimited())
                .collect(Collectors.groupingBy(Likeness::of));
        for (Limit dev : domain.limits()) {
            if (!isFor(dev, BELOW_PROD)) {
                continue;
            }
            for (Limit prod : forProd.getOrDefault(Likeness.of(dev), List.of())) {
                if ((dev.allow().unlimited()
                                || dev.allow().window().equals(prod.allow().window()))
                        && dev.allow().amount() >= prod.allow().amount()) {
                    findings.add(Finding.of(
                            dev,
                            LintRules.DEV_ABOVE_PROD,
                            "allows " + dev.allows() + ", and `" + prod.name() + "`, which is for production, "
                                    + prod.allows() + "; lower it"));
                }
            }
        }
    }

    private static boolean isFor(Limit limit, Set<String> environments) {
        return condition(limit, ENVIRONMENT)
                .filter(condition -> isExact(condition) && environments.containsAll(condition.values()))
                .isPresent();
    }

    /** The common part of two limits that differ in their environment and in what they allow. */
    private record Likeness(Tier tier, List<String> per, Measure measure, List<Condition> when) {
        static Likeness of(Limit limit) {
            List<Condition> when = limit.when().stream()
                    .filter(condition -> !condition.attribute().equals(ENVIRONMENT))
                    .toList();
            return new Likeness(limit.tier(), limit.per(), limit.allow().measure(), when);
        }
    }

    /** Compares limits of single values of one attribute, each with one bucket, with a limit for everybody with the same window. */
    private static void findPromises(Domain domain, List<Finding> findings) {
        Map<Span, List<Limit>> promising =
                domain.limits().stream().filter(EnvironmentSplit::isPromise).collect(Collectors.groupingBy(Span::of));
        for (Limit all : domain.limits()) {
            if (!all.per().isEmpty()
                    || !all.when().isEmpty()
                    || all.allow().unlimited()
                    || all.allow().window() instanceof Window.None) {
                continue;
            }
            byValue(promising.getOrDefault(Span.of(all), List.of())).forEach((attribute, promised) -> {
                long sum = promised.values().stream()
                        .mapToLong(limit -> limit.allow().amount())
                        .sum();
                if (promised.size() > 1
                        && 100.0 * sum
                                > (double) MOST_PROMISED_PERCENT * all.allow().amount()) {
                    findings.add(Finding.of(
                            all,
                            LintRules.NO_HEADROOM,
                            "allows " + all.allows() + ", of which " + sum + " are promised by `" + attribute + "` ("
                                    + String.join(
                                            ", ",
                                            promised.values().stream()
                                                    .map(Limit::name)
                                                    .toList())
                                    + "); leave at least 10 % to nobody"));
                }
            });
        }
    }

    /** The measure that limits count, and for how long. */
    private record Span(Measure measure, Window window) {
        static Span of(Limit limit) {
            return new Span(limit.allow().measure(), limit.allow().window());
        }
    }

    /** Returns whether it has one bucket, for one value of one attribute. */
    private static boolean isPromise(Limit limit) {
        return !limit.allow().unlimited()
                && limit.when().size() == 1
                && isExact(limit.when().get(0))
                && limit.when().get(0).values().size() == 1
                && List.of(limit.when().get(0).attribute()).containsAll(limit.per());
    }

    /** Groups limits by attribute and by its value, and keeps the tightest of each. */
    private static Map<String, Map<String, Limit>> byValue(List<Limit> limits) {
        Map<String, Map<String, Limit>> promises = new TreeMap<>();
        for (Limit limit : limits) {
            Condition condition = limit.when().get(0);
            promises.computeIfAbsent(condition.attribute(), none -> new LinkedHashMap<>())
                    .merge(condition.values().iterator().next(), limit, EnvironmentSplit::tighter);
        }
        return promises;
    }

    private static Limit tighter(Limit one, Limit other) {
        return other.allow().amount() < one.allow().amount() ? other : one;
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
