package dev.weir.tools.lint;

import dev.weir.bucket.Algorithm;
import dev.weir.measure.Measure;
import dev.weir.policy.Condition;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Mode;
import dev.weir.policy.Window;
import dev.weir.request.Attributes;
import java.util.List;
import java.util.Set;

/** Checks what single limits should look like. */
final class LimitConventions {
    private static final long MINUTE = 60_000_000;
    private static final long SHORT = 5 * MINUTE;
    private static final long LONG = 60 * MINUTE;
    private static final Set<String> CLIENT_CHOSEN = Set.of("request_id", "x-request-id");

    private LimitConventions() {}

    static void find(Domain domain, List<Finding> findings) {
        LimitsByCondition spreading = new LimitsByCondition(domain.limits().stream()
                .filter(LimitConventions::holdsDownSpikes)
                .toList());
        for (Limit limit : domain.limits()) {
            findLongWindow(limit, spreading, findings);
            findShareWithoutAttribute(limit, findings);
            limit.per().stream()
                    .filter(name -> CLIENT_CHOSEN.contains(name) || Attributes.isAboutTokens(name))
                    .forEach(attribute -> findings.add(Finding.of(
                            limit,
                            LintRules.CLIENT_CHOSEN,
                            "has a bucket for each `" + attribute
                                    + "`, which any client may change; remove it from `per`")));
        }
        if (domain.limits().stream().allMatch(limit -> limit.scope().mode() instanceof Mode.Shadow)) {
            findings.add(
                    Finding.of(domain, LintRules.ONLY_SHADOW, "refuses nobody: all of its limits are in shadow mode"));
        }
    }

    private static void findLongWindow(Limit limit, LimitsByCondition spreading, List<Finding> findings) {
        if (limit.allow().measure() != Measure.PARALLEL
                && isLong(limit)
                && !spreading.anyBeside(limit, other -> spreads(other, limit))) {
            findings.add(Finding.of(
                    limit,
                    LintRules.NO_SHORT_WINDOW,
                    "allows " + limit.allows() + " and nothing spreads it; add a limit with a window of at most 5m"));
        }
    }

    /** Returns whether the other limit, which holds down spikes, does so for at least some of those whom the limit concerns. */
    private static boolean spreads(Limit other, Limit limit) {
        return other.allow().measure() == limit.allow().measure()
                && limit.per().containsAll(other.per())
                && other.when().stream().noneMatch(condition -> isOtherwise(condition, limit));
    }

    private static boolean holdsDownSpikes(Limit limit) {
        return !(limit.scope().mode() instanceof Mode.Shadow) && bounds(limit);
    }

    /** Returns whether a limit asks something else of the attribute of a condition. */
    private static boolean isOtherwise(Condition condition, Limit limit) {
        return !limit.when().contains(condition)
                && limit.when().stream().anyMatch(own -> own.attribute().equals(condition.attribute()));
    }

    /** Returns whether a limit holds down spikes, once it is enforced. */
    private static boolean bounds(Limit limit) {
        return !limit.allow().unlimited()
                && (micros(limit) <= SHORT
                        || (limit.algorithm() instanceof Algorithm.TokenBucket
                                && limit.most() < limit.allow().amount()));
    }

    private static boolean isLong(Limit limit) {
        return !limit.allow().unlimited()
                && micros(limit) >= LONG
                && limit.allow().amount() > 0
                && !bounds(limit);
    }

    private static long micros(Limit limit) {
        if (limit.allow().window() instanceof Window.Calendar) {
            return Long.MAX_VALUE;
        }
        return limit.allow().window() instanceof Window.Length length ? length.micros() : 0;
    }

    private static void findShareWithoutAttribute(Limit limit, List<Finding> findings) {
        if (limit.scope().mode() instanceof Mode.Share share
                && !limit.per().contains(share.attribute())
                && limit.when().stream()
                        .noneMatch(condition -> condition.needsAttribute()
                                && condition.attribute().equals(share.attribute()))) {
            findings.add(Finding.of(
                    limit,
                    LintRules.SHARE_WITHOUT_ATTRIBUTE,
                    "never refuses a request without `" + share.attribute() + "`; add it to `per` or `when`"));
        }
    }
}
