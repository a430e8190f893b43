package dev.weir.lint;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Periods;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Measure;
import dev.weir.policy.Mode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Limits that never refuse, because others always do so earlier. */
final class Redundancy {
    private Redundancy() {}

    static void find(Domain domain, List<Finding> findings) {
        for (Limit limit : domain.limits()) {
            domain.limits().stream()
                    .filter(other -> other.order() != limit.order() && isAlwaysEarlier(other, limit))
                    .findFirst()
                    .ifPresent(other -> findings.add(Finding.of(
                            limit,
                            LintRules.NEVER_BINDS,
                            "never refuses: `" + other.name() + "` allows " + other.allows()
                                    + " and always refuses first; remove one or change an amount")));
            domain.limits().stream()
                    .filter(other -> limit.scope().isDefault() && alwaysDisplaces(other, limit))
                    .findFirst()
                    .ifPresent(other -> findings.add(Finding.of(
                            limit,
                            LintRules.DEFAULT_NEVER_BINDS,
                            "never holds: it gives way to `" + other.name()
                                    + "`, which applies wherever it does; narrow that one's `when` or remove one")));
        }
    }

    private static boolean alwaysDisplaces(Limit other, Limit byDefault) {
        return !other.scope().isDefault()
                && other.tier().equals(byDefault.tier())
                && other.allow().measure() == byDefault.allow().measure()
                && isEnforcedWherever(byDefault, other);
    }

    /** Of two that are alike the later one is superfluous. */
    private static boolean isAlwaysEarlier(Limit other, Limit limit) {
        if (other.allow().measure() != limit.allow().measure()
                || other.scope().isDefault()
                || other.estimate().after()
                || other.estimate().amount() < limit.estimate().amount()
                || other.allow().unlimited()
                || limit.allow().unlimited()
                || !isEnforcedWherever(limit, other)) {
            return false;
        }
        Optional<Long> most = mostWithin(other, limit);
        boolean earlier = most.isPresent() && most.get() <= limit.allow().amount();
        boolean mutual = earlier
                && isEnforcedWherever(other, limit)
                && mostWithin(limit, other)
                        .filter(back -> back <= other.allow().amount())
                        .isPresent();
        return earlier && (!mutual || other.order() < limit.order());
    }

    /** Whether the other limit refuses requests of all that the limit concerns, and counts all that a bucket of it counts. */
    private static boolean isEnforcedWherever(Limit limit, Limit other) {
        return other.scope().mode() instanceof Mode.Enforced
                && limit.per().containsAll(other.per())
                && new HashSet<>(limit.when()).containsAll(other.when());
    }

    /** How much the other limit lets through in the time that the limit looks at; empty where that cannot be told. */
    private static Optional<Long> mostWithin(Limit other, Limit limit) {
        if (other.allow().measure() == Measure.PARALLEL) {
            return Optional.of(other.allow().amount());
        }
        Optional<Long> span = windowMicros(limit.algorithm());
        if (span.isEmpty()) {
            return Optional.empty();
        }
        if (other.algorithm() instanceof Algorithm.Sliding sliding) {
            return times(sliding.limit(), ceilDiv(span.get(), sliding.windowMicros()));
        }
        if (other.algorithm() instanceof Algorithm.Refilling refilling) {
            return times(other.allow().amount(), ceilDiv(span.get(), refilling.windowMicros()))
                    .map(flow -> flow + refilling.burst());
        }
        // A span may begin in one period and end in another.
        return windowMicros(other.algorithm())
                .flatMap(period -> times(other.allow().amount(), ceilDiv(span.get(), period) + 1));
    }

    /** Of windows of one length; a token bucket looks at every span, a calendar's periods are of several. */
    private static Optional<Long> windowMicros(Algorithm algorithm) {
        if (algorithm instanceof Algorithm.Sliding sliding) {
            return Optional.of(sliding.windowMicros());
        }
        return algorithm instanceof Algorithm.Fixed fixed && fixed.periods() instanceof Periods.Every every
                ? Optional.of(every.micros())
                : Optional.empty();
    }

    private static Optional<Long> times(long amount, long windows) {
        return amount > Long.MAX_VALUE / 4 / Math.max(1, windows) ? Optional.empty() : Optional.of(amount * windows);
    }

    private static long ceilDiv(long span, long window) {
        return (span + window - 1) / window;
    }
}
