package dev.weir.envoy.answer;

import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.Variables;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to a refused caller, whichever of the two protocols carries it.
 *
 * @param status of HTTP, from 400 to 599. A rate limit answer has no place for it: Envoy's {@code rate_limited_status} holds there
 * @param headers with lower-case names, each once
 */
public record RefusalAnswer(int status, List<HeaderValue> headers, String body) {
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final long MICROS_PER_MILLI = 1_000;

    /** The header without which OpenAI's and Anthropic's clients try a 429 again. */
    private static final HeaderValue DO_NOT_RETRY = RateHeaders.header("x-should-retry", "false");

    public RefusalAnswer {
        headers = List.copyOf(headers);
    }

    public static RefusalAnswer of(Decision.Refused refused) {
        List<HeaderValue> headers = new ArrayList<>(16);
        addRetry(refused, headers);
        RateHeaders.add(refused, headers::add);
        LimitStatus by = refused.by();
        if (by != null) {
            headers.add(RateHeaders.header("x-weir-limit", by.limit().name()));
            headers.add(RateHeaders.header("x-weir-tier", by.limit().tier().word()));
        }
        headers.add(RateHeaders.header("x-weir-reason", refused.reason().word()));
        headers.add(RateHeaders.header("x-weir-policy", refused.domain().version()));
        ErrorBody body = ErrorBody.of(refused);
        headers.add(RateHeaders.header("content-type", body.contentType()));
        return new RefusalAnswer(status(refused), headers, body.text());
    }

    /** Says when, or whether, to try again. Clients of OpenAI and Anthropic go by the milliseconds, all others by the seconds. */
    private static void addRetry(Decision.Refused refused, List<HeaderValue> headers) {
        long retryMicros = refused.retryMicros();
        if (retryMicros != BucketStatus.NEVER) {
            headers.add(RateHeaders.header("retry-after", Long.toString(Variables.seconds(retryMicros))));
            headers.add(RateHeaders.header("retry-after-ms", Long.toString(millis(retryMicros))));
        } else if (ErrorCategory.of(refused.reason()) == ErrorCategory.REQUEST) {
            headers.add(DO_NOT_RETRY);
        }
    }

    /** Returns milliseconds, rounded up as the seconds are. */
    private static long millis(long micros) {
        return (micros + MICROS_PER_MILLI - 1) / MICROS_PER_MILLI;
    }

    private static int status(Decision.Refused refused) {
        LimitStatus told = refused.told();
        int ofLimit = told == null ? 0 : told.limit().wording().status();
        if (ofLimit != 0) {
            return ofLimit;
        }
        return ErrorCategory.of(refused.reason()) == ErrorCategory.SERVICE
                ? SERVICE_UNAVAILABLE
                : refused.domain().settings().answers().status();
    }
}
