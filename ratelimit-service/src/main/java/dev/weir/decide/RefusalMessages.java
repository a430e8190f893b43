package dev.weir.decide;

import dev.weir.bucket.BucketStatus;
import dev.weir.measure.Measure;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Puts refusals into words. Pure. */
final class RefusalMessages {
    private static final long RETRY_WHEN_OVERLOADED = 1_000_000;

    private RefusalMessages() {}

    /** Returns a refusal for each limit in shadow mode that had no room. */
    static List<Decision.Refused> byShadows(Domain domain, List<LimitStatus> shadows) {
        List<Decision.Refused> refusals = new ArrayList<>();
        for (LimitStatus shadow : shadows) {
            if (shadow.level().refuses()) {
                refusals.add(byLimits(domain, List.of(shadow), List.of()));
            }
        }
        return refusals;
    }

    /** @param standings in tier order, at least one of them refusing */
    static Decision.Refused byLimits(Domain domain, List<LimitStatus> standings, List<LimitStatus> shadows) {
        return byLimits(domain, standings, standings, shadows);
    }

    /** @param refusing the standings that have a say in it */
    static Decision.Refused byLimits(
            Domain domain, List<LimitStatus> refusing, List<LimitStatus> standings, List<LimitStatus> shadows) {
        LimitStatus by = longestWait(refusing);
        boolean never = by.level().retryMicros() == BucketStatus.NEVER;
        RefusalReason reason = never ? RefusalReason.NEVER_FITS : RefusalReason.OVER_LIMIT;
        long retryMicros = never ? BucketStatus.NEVER : longestRetry(refusing);
        Template template = by.limit().wording().message();
        String sentence = template == null
                ? withComment(never ? neverFits(by) : usedUp(by, retryMicros), by.limit())
                : template.fill(variable -> Variables.of(variable, by, reason, retryMicros));
        return new Decision.Refused(domain, reason, by, standings, shadows, retryMicros, sentence);
    }

    /**
     * Returns the limit that the caller has to wait for longest, so that what is named is what the wait is for. Where several take equally
     * many seconds it is the first in tier order.
     */
    private static LimitStatus longestWait(List<LimitStatus> refusing) {
        LimitStatus longest = null;
        for (LimitStatus standing : refusing) {
            if (standing.level().refuses() && (longest == null || wait(standing) > wait(longest))) {
                longest = standing;
            }
        }
        if (longest == null) {
            throw new IllegalArgumentException("no limit refuses: " + refusing);
        }
        return longest;
    }

    /** Returns whole seconds; the most there are where waiting does not help. */
    private static long wait(LimitStatus standing) {
        long micros = standing.level().retryMicros();
        return micros == BucketStatus.NEVER ? Long.MAX_VALUE : Variables.seconds(micros);
    }

    private static long longestRetry(List<LimitStatus> refusing) {
        long longest = 0;
        for (LimitStatus standing : refusing) {
            longest = Math.max(longest, standing.level().retryMicros());
        }
        return longest;
    }

    private static String withComment(String sentence, Limit limit) {
        String comment = limit.wording().comment();
        return comment == null ? sentence : sentence + " " + comment;
    }

    private static String usedUp(LimitStatus by, long retryMicros) {
        Limit limit = by.limit();
        String wanted = limit.allow().measure() == Measure.TOKENS
                ? " and this request asks for up to " + by.asked() + " more"
                : by.asked() > 1 ? " and this request asks for " + by.asked() + " more" : "";
        return "The " + limit.tier().word() + " limit `" + limit.name() + "` allows " + limit.allows() + "; "
                + by.level().used() + " are used" + wanted + ". Try again in " + Variables.seconds(retryMicros) + " s.";
    }

    private static String neverFits(LimitStatus by) {
        Limit limit = by.limit();
        return "The " + limit.tier().word() + " limit `" + limit.name() + "` allows " + limit.allows()
                + "; this request asks for " + by.asked() + " at once and can never fit."
                + (limit.allow().measure() == Measure.TOKENS ? " Lower max_tokens, or shorten the prompt." : "");
    }

    static Decision.Refused missing(Domain domain, Set<String> attributes) {
        return withoutLimit(
                domain,
                RefusalReason.MISSING_ATTRIBUTES,
                "No limit could be applied, because the request lacks: " + String.join(", ", attributes) + ".");
    }

    static Decision.Refused unreadableMaxTokens(Domain domain, String name, String value) {
        return withoutLimit(
                domain,
                RefusalReason.UNREADABLE_MAX_TOKENS,
                name + " must be a whole number that is not negative, in a body that is JSON; found `"
                        + shortened(value) + "`.");
    }

    static Decision.Refused storeFull(Domain domain) {
        return withoutLimit(
                domain,
                RefusalReason.STORE_FULL,
                "The rate limit service has no room to count this request. Try again later.");
    }

    static Decision.Refused overloaded(Domain domain) {
        return new Decision.Refused(
                domain,
                RefusalReason.OVERLOADED,
                null,
                List.of(),
                List.of(),
                RETRY_WHEN_OVERLOADED,
                "The rate limit service has more to do than it can. Try again in "
                        + Variables.seconds(RETRY_WHEN_OVERLOADED) + " s.");
    }

    private static Decision.Refused withoutLimit(Domain domain, RefusalReason reason, String sentence) {
        return new Decision.Refused(domain, reason, null, List.of(), List.of(), BucketStatus.NEVER, sentence);
    }

    private static String shortened(String value) {
        return value.length() <= 40 ? value : value.substring(0, 40) + "...";
    }
}
