package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.bucket.StoreUnreachableException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeardTest {
    @Test
    void anAnswerIsOneEvenIfItIsAnError() {
        assertEquals(Heard.ANSWER, Heard.in(null));
        assertEquals(Heard.ANSWER, inError("OOM command not allowed when used memory > 'maxmemory'."));
        assertEquals(Heard.ANSWER, inError("NOPERM this user has no permissions to access one of the keys"));
        assertEquals(Heard.ANSWER, inError("ERR a key of NOAUTH and READONLY"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "READONLY You can't write against a read only replica. script: 0f1, on @user_script:9.",
                "ERR Error running script (call to f_0f1): @user_script:9: @user_script: 9: -READONLY You can't write against"
                        + " a read only replica.",
                "LOADING Redis is loading the dataset in memory",
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
                "NOAUTH Authentication required."
            })
    void aServerThatDoesNotServeByThisConnectionRefuses(String error) {
        assertEquals(Heard.REFUSAL, inError(error));
    }

    @Test
    void noAnswerInTimeIsSilence() {
        assertEquals(Heard.SILENCE, Heard.in(new RedisCommandTimeoutException("after 200 ms")));
    }

    @Test
    void whatWasNotSentOrBrokeOffSaysNothing() {
        assertEquals(Heard.NOTHING, Heard.in(new StoreUnreachableException("gone")));
        assertEquals(Heard.NOTHING, Heard.in(new RedisException("Connection closed")));
    }

    private static Heard inError(String error) {
        return Heard.in(new CompletionException(new RedisCommandExecutionException(error)));
    }
}
