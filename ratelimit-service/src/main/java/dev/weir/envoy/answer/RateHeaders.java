package dev.weir.envoy.answer;

import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.Variables;
import dev.weir.policy.Answers;
import dev.weir.policy.Window;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import java.util.function.Consumer;

/**
 * The headers that tell callers how much is left: {@code x-ratelimit-*} of one limit, and the fields of
 * draft-ietf-httpapi-ratelimit-headers-11, where {@code RateLimit} tells of the same limit and {@code RateLimit-Policy} of all that
 * apply. Only where the domain leaves them to Weir. They go with every answer, hence the plain concatenation, and what does not change is made once, see {@link DomainParts}.
 *
 * <p>The draft knows requests, concurrent requests and bytes. Tokens are called {@code tokens} all the same: without a unit they
 * would read as requests.
 */
public final class RateHeaders {
    /** More would say little and may be too long for a proxy on the way. */
    static final int MOST_POLICIES = 8;

    /** What a structured field takes as an integer. */
    private static final long LARGEST_INTEGER = 999_999_999_999_999L;

    private RateHeaders() {}

    /** Of the limit that is the tightest after an admission; nothing where no limit was asked. */
    public static void add(Decision.Allowed decision, Consumer<HeaderValue> headers) {
        if (decision.answers().headers() == Answers.Headers.SERVICE) {
            decision.tightest()
                    .ifPresent(
                            tightest -> add(decision, tightest, tightest.level().resetMicros(), headers));
        }
    }

    /** Of the limit that refused; nothing where none did. */
    public static void add(Decision.Refused decision, Consumer<HeaderValue> headers) {
        LimitStatus by = decision.by();
        if (by != null && decision.domain().settings().answers().headers() == Answers.Headers.SERVICE) {
            // Retry-After must not end before the window that stands beside it.
            long window = decision.retryMicros() == BucketStatus.NEVER
                    ? by.level().resetMicros()
                    : by.level().retryMicros();
            add(decision, by, window, headers);
        }
    }

    private static void add(Decision decision, LimitStatus shown, long windowMicros, Consumer<HeaderValue> headers) {
        DomainParts domain = DomainParts.of(decision.domain());
        LimitParts limit = domain.of(shown.limit());
        headers.accept(limit.most());
        headers.accept(header("x-ratelimit-remaining", Long.toString(shown.remaining())));
        headers.accept(header(
                "x-ratelimit-reset",
                Long.toString(Variables.seconds(shown.level().resetMicros()))));
        headers.accept(domain.policies(shown.limit(), decision.standings()));
        headers.accept(header("ratelimit", available(limit, shown, windowMicros)));
    }

    private static String available(LimitParts limit, LimitStatus shown, long windowMicros) {
        String left = limit.available() + integer(shown.remaining());
        boolean endless = shown.limit().allow().window() instanceof Window.None;
        return endless ? left : left + ";t=" + Variables.seconds(windowMicros);
    }

    /** What a structured field takes. */
    static long integer(long value) {
        return Math.min(value, LARGEST_INTEGER);
    }

    public static HeaderValue header(String name, String value) {
        return HeaderValue.newBuilder().setKey(name).setValue(value).build();
    }
}
