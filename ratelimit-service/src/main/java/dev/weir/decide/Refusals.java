package dev.weir.decide;

import dev.weir.bucket.Level;
import dev.weir.policy.Limit;
import dev.weir.policy.Measure;
import java.util.List;
import java.util.Set;

/** Puts refusals into words. Pure. */
final class Refusals {
    private Refusals() {}

    /** @param standings in tier order, at least one of them refusing */
    static Decision.Refused byLimits(List<Standing> standings) {
        Standing first = null;
        Standing hopeless = null;
        long retry = 0;
        for (Standing standing : standings) {
            if (standing.level().refuses()) {
                first = first == null ? standing : first;
                retry = Math.max(retry, standing.level().retryMicros());
                if (standing.level().retryMicros() == Level.NEVER && hopeless == null) {
                    hopeless = standing;
                }
            }
        }
        if (first == null) {
            throw new IllegalArgumentException("no limit refuses: " + standings);
        }
        return hopeless == null
                ? new Decision.Refused(Reason.OVER_LIMIT, first, standings, retry, usedUp(first, retry))
                : new Decision.Refused(Reason.NEVER_FITS, first, standings, Level.NEVER, neverFits(hopeless));
    }

    private static String usedUp(Standing by, long retryMicros) {
        Limit limit = by.limit();
        String wanted = limit.allow().measure() == Measure.TOKENS
                ? " and this request asks for up to " + by.asked() + " more"
                : "";
        return "The " + limit.tier().word() + " limit `" + limit.name() + "` allows " + limit.allows() + "; "
                + by.level().used() + " are used" + wanted + ". Try again in " + seconds(retryMicros) + " s.";
    }

    private static String neverFits(Standing by) {
        Limit limit = by.limit();
        return "The " + limit.tier().word() + " limit `" + limit.name() + "` allows " + limit.allows()
                + "; this request asks for " + by.asked() + " at once and can never fit."
                + (limit.allow().measure() == Measure.TOKENS ? " Lower max_tokens." : "");
    }

    static Decision.Refused missing(Set<String> attributes) {
        return withoutLimit(
                Reason.MISSING_ATTRIBUTES,
                "No limit could be applied, because the request lacks: " + String.join(", ", attributes) + ".");
    }

    static Decision.Refused unreadableMaxTokens(String value) {
        return withoutLimit(
                Reason.UNREADABLE_MAX_TOKENS,
                "max_tokens must be a whole number that is not negative, in a body that is JSON; found `"
                        + shortened(value) + "`.");
    }

    static Decision.Refused storeFull() {
        return withoutLimit(
                Reason.STORE_FULL, "The rate limit service has no room for another caller. Try again later.");
    }

    private static Decision.Refused withoutLimit(Reason reason, String sentence) {
        return new Decision.Refused(reason, null, List.of(), Level.NEVER, sentence);
    }

    private static String shortened(String value) {
        return value.length() <= 40 ? value : value.substring(0, 40) + "...";
    }

    private static long seconds(long micros) {
        return micros / 1_000_000 + (micros % 1_000_000 > 0 ? 1 : 0);
    }
}
