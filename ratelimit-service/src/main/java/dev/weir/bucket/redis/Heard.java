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

    /** These begin an error, or follow a hyphen in it: Redis 6.2 puts "ERR Error running script" before what a script met. */
    private static final List<String> REFUSALS = List.of("READONLY", "LOADING", "MASTERDOWN", "NOAUTH");

    private static final List<String> CLUSTER = List.of("MOVED", "CROSSSLOT", "CLUSTERDOWN", "ASK");

    /** @param failure null where there was none */
    static Heard in(@Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Script.causeOf(failure);
        if (cause == null) {
            return ANSWER;
        }
        if (cause instanceof RedisCommandExecutionException) {
            return isOneOf(REFUSALS, cause) ? REFUSAL : ANSWER;
        }
        return cause instanceof RedisCommandTimeoutException ? SILENCE : NOTHING;
    }

    /** Tells whether this is how a node of a cluster answers. */
    static boolean isOfCluster(Throwable failure) {
        Throwable cause = Script.causeOf(failure);
        return cause instanceof RedisCommandExecutionException && isOneOf(CLUSTER, cause);
    }

    private static boolean isOneOf(List<String> codes, Throwable error) {
        String said = String.valueOf(error.getMessage());
        return codes.stream().anyMatch(code -> said.startsWith(code + " ") || said.contains("-" + code + " "));
    }
}
