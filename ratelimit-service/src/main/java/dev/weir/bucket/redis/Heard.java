package dev.weir.bucket.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells what a call's end says about the connection that it went by. */
enum Heard {
    /** Redis has answered, if only with an error. */
    ANSWER,
    /** Redis has not answered in time. */
    SILENCE,
    /** Redis answers, and will not serve by this connection: another server may, or this one later. */
    REFUSAL,
    /** The call did not get through. Whoever watches the connection hears why. */
    NOTHING;

    /** The codes that begin an error, or follow a hyphen in it: Redis 6.2 puts "ERR Error running script" before what a script met. */
    private static final List<String> REFUSALS = List.of("READONLY", "LOADING", "MASTERDOWN", "NOAUTH");

    /** @param failure null where there was none */
    static Heard in(@Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Script.causeOf(failure);
        if (cause == null) {
            return ANSWER;
        }
        if (cause instanceof RedisCommandExecutionException) {
            return isRefusal(cause) ? REFUSAL : ANSWER;
        }
        return cause instanceof RedisCommandTimeoutException ? SILENCE : NOTHING;
    }

    private static boolean isRefusal(Throwable error) {
        String said = String.valueOf(error.getMessage());
        return REFUSALS.stream().anyMatch(code -> said.startsWith(code + " ") || said.contains("-" + code + " "));
    }
}
