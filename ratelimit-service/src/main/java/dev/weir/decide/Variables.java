package dev.weir.decide;

import dev.weir.bucket.BucketStatus;
import dev.weir.policy.Limit;
import dev.weir.policy.Template;

/** The values of the variables of a policy's templates, see {@link Template#VARIABLES}. Pure. */
public final class Variables {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private Variables() {}

    /** Returns the value of a variable for a refusal by a limit. {@code message} is the sentence. */
    public static String of(String variable, Decision.Refused refused, LimitStatus by) {
        return variable.equals("message")
                ? refused.sentence()
                : of(variable, by, refused.reason(), refused.retryMicros());
    }

    static String of(String variable, LimitStatus by, RefusalReason reason, long retryMicros) {
        Limit limit = by.limit();
        return switch (variable) {
            case "limit" -> limit.name();
            case "tier" -> limit.tier().word();
            case "allows" -> limit.allows();
            case "measure" -> limit.allow().measure().word();
            case "window" -> limit.allow().window().text();
            case "used" -> Long.toString(by.level().used());
            case "asked" -> Long.toString(by.asked());
            case "remaining" -> Long.toString(by.remaining());
            case "retry_after" -> retryMicros == BucketStatus.NEVER ? "" : Long.toString(seconds(retryMicros));
            case "reset" -> by.hasReset() ? Long.toString(seconds(by.level().resetMicros())) : "";
            case "reason" -> reason.word();
            case "comment" ->
                limit.wording().comment() == null ? "" : limit.wording().comment();
            default -> throw new IllegalArgumentException("no variable " + variable);
        };
    }

    /** Returns whole seconds, rounded up: whoever waits that long has waited long enough. */
    public static long seconds(long micros) {
        return micros / MICROS_PER_SECOND + (micros % MICROS_PER_SECOND > 0 ? 1 : 0);
    }
}
