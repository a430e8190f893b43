package dev.weir.envoy.answer;

import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.Variables;
import dev.weir.policy.Answers;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to a refused caller, whichever of the two protocols carries it.
 *
 * @param status of HTTP, from 400 to 599
 * @param headers with lower-case names, each once
 */
public record RefusalAnswer(int status, List<HeaderValue> headers, String body) {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final long MICROS_PER_MILLI = 1_000;
    /** The longest that JavaScript's timers wait; they make nothing of what is longer. */
    private static final long MOST_MILLIS = Integer.MAX_VALUE;

    /** The header without which OpenAI's and Anthropic's clients try a 429 again. */
    private static final HeaderValue DO_NOT_RETRY = RateHeaders.header("x-should-retry", "false");

    public RefusalAnswer {
        headers = List.copyOf(headers);
    }

    /** Returns the answer where Weir chooses its status. */
    public static RefusalAnswer of(Decision.Refused refused) {
        return withStatus(refused, status(refused));
    }

    /** Returns the answer where Envoy chooses the status by its {@code rate_limited_status}, which is taken to be the usual 429. */
    public static RefusalAnswer withStatusOfEnvoy(Decision.Refused refused) {
        return withStatus(refused, TOO_MANY_REQUESTS);
    }

    private static RefusalAnswer withStatus(Decision.Refused refused, int status) {
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
        ErrorBody body = ErrorBody.of(refused, status);
        headers.add(RateHeaders.header("content-type", body.contentType()));
        return new RefusalAnswer(status, headers, body.text());
    }

    /**
     * Says when, or whether, to try again. Clients of OpenAI and Anthropic go by the milliseconds, all others by the seconds. Some sleep as
     * long as they are told, others come back at once where it is more than a minute: told not to, both give up, and whoever called them
     * learns of it.
     */
    private static void addRetry(Decision.Refused refused, List<HeaderValue> headers) {
        long retryMicros = refused.retryMicros();
        if (retryMicros != BucketStatus.NEVER) {
            headers.add(RateHeaders.header("retry-after", Long.toString(Variables.seconds(retryMicros))));
            if (millis(retryMicros) <= MOST_MILLIS) {
                headers.add(RateHeaders.header("retry-after-ms", Long.toString(millis(retryMicros))));
            }
            if (retryMicros > refused.domain().settings().answers().longWaitMicros()) {
                headers.add(DO_NOT_RETRY);
            }
        } else if (ErrorCategory.of(refused.reason()) == ErrorCategory.REQUEST) {
            headers.add(DO_NOT_RETRY);
        }
    }

    /** Returns milliseconds, rounded up as the seconds are. */
    private static long millis(long micros) {
        return micros / MICROS_PER_MILLI + (micros % MICROS_PER_MILLI > 0 ? 1 : 0);
    }

    private static int status(Decision.Refused refused) {
        LimitStatus by = refused.by();
        int ofLimit = by == null ? Answers.BY_REASON : by.limit().wording().status();
        if (ofLimit != Answers.BY_REASON) {
            return ofLimit;
        }
        ErrorCategory category = ErrorCategory.of(refused.reason());
        int ofDomain = refused.domain().settings().answers().status();
        return ofDomain == Answers.BY_REASON || category == ErrorCategory.SERVICE ? category.status() : ofDomain;
    }
}
