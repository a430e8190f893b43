package dev.weir.tools.lint;

import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Mode;
import java.util.HashSet;
import java.util.List;

/** Finds limits that make no difference, because others refuse whatever they would. */
final class Redundancy {
    private Redundancy() {}

    static void find(Domain domain, List<Finding> findings) {
        LimitsByCondition limits = new LimitsByCondition(domain.limits());
        for (Limit limit : domain.limits()) {
            limits.firstWithin(limit, other -> isSuperfluousBeside(other, limit))
                    .ifPresent(other -> findings.add(Finding.of(
                            limit,
                            LintRules.NEVER_BINDS,
                            "makes no difference: whenever it refuses, `" + other.name() + "`, which allows "
                                    + other.allows() + ", refuses too; remove one or change an amount")));
            if (limit.scope().isDefault()) {
                limits.firstWithin(limit, other -> alwaysDisplaces(other, limit))
                        .ifPresent(
                                other -> findings.add(
                                        Finding.of(
                                                limit,
                                                LintRules.DEFAULT_NEVER_BINDS,
                                                "never holds: it gives way to `" + other.name()
                                                        + "`, which applies wherever it does; narrow that one's `when` or remove one")));
            }
        }
    }

    private static boolean alwaysDisplaces(Limit other, Limit byDefault) {
        return !other.scope().isDefault()
                && other.tier().equals(byDefault.tier())
                && other.allow().measure() == byDefault.allow().measure()
                && isEnforcedWherever(byDefault, other);
    }

    /** Returns whether a limit is superfluous beside another; of two that are alike the later one is. */
    private static boolean isSuperfluousBeside(Limit other, Limit limit) {
        return other.order() != limit.order()
                && refusesWhatever(limit, other)
                && (other.order() < limit.order() || !refusesWhatever(other, limit));
    }

    /** Returns whether the other limit has no room whenever the limit has none. */
    private static boolean refusesWhatever(Limit limit, Limit other) {
        if (other.allow().measure() != limit.allow().measure()
                || other.scope().isDefault()
                || other.allow().unlimited()
                || limit.allow().unlimited()
                || !isEnforcedWherever(limit, other)) {
            return false;
        }
        return switch (limit.allow().measure()) {
            case PARALLEL -> other.most() <= limit.most();
            case REQUESTS ->
                outlastsOwnLimits(limit, other)
                        && (WorstCaseFlow.coversAlike(other.algorithm(), limit.algorithm())
                                || WorstCaseFlow.covers(other.algorithm(), limit.algorithm()));
            // A request may use more than it held, so a limit lets more through than it allows: only a bucket that is
            // settled alike holds as much.
            case TOKENS, PROMPT_TOKENS, CACHED_TOKENS, COMPLETION_TOKENS ->
                other.estimate().equals(limit.estimate())
                        && WorstCaseFlow.coversAlike(other.algorithm(), limit.algorithm());
        };
    }

    /** Returns whether the other limit stays where the limit does: a descriptor's own limit displaces all on requests but global ones. */
    private static boolean outlastsOwnLimits(Limit limit, Limit other) {
        return other.tier().isGlobal() || !limit.tier().isGlobal();
    }

    /** Returns whether the other limit is enforced for all that the limit concerns, and counts all that a bucket of it counts. */
    private static boolean isEnforcedWherever(Limit limit, Limit other) {
        return other.scope().mode() instanceof Mode.Enforced
                && limit.per().containsAll(other.per())
                && new HashSet<>(limit.when()).containsAll(other.when());
    }
}
