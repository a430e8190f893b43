package dev.weir.envoy.answer;

import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.Variables;
import dev.weir.policy.Answers;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import java.util.function.Consumer;

/**
 * Adds the headers that tell callers how much is left: {@code x-ratelimit-*} for one limit, and the fields of
 * draft-ietf-httpapi-ratelimit-headers-11, where {@code RateLimit} is about the same limit and {@code RateLimit-Policy} about all that
 * apply. Adds none where the domain does not leave them to Weir. They go with every answer, so what does not change is made once, see
 * {@link DomainParts}.
 *
 * <p>The draft knows requests, concurrent requests and bytes. Tokens are called {@code tokens} all the same: without a unit they
 * would read as requests.
 */
public final class RateHeaders {
    /** The most policies in a field: more would say little and may be too long for a proxy on the way. */
    static final int MOST_POLICIES = 8;

    /** The largest integer that a structured field takes. */
    private static final long LARGEST_INTEGER = 999_999_999_999_999L;

    private static final Header.Name REMAINING = Header.Name.of("x-ratelimit-remaining");
    private static final Header.Name RESET = Header.Name.of("x-ratelimit-reset");
    private static final Header.Name AVAILABLE = Header.Name.of("ratelimit");

    private RateHeaders() {}

    /** Adds those of the limit that is the tightest after an admission, see {@link LimitStatus#isTighterThan}; none where no limit was asked. */
    public static void add(Decision.Allowed decision, HeaderSink headers) {
        if (decision.answers().headers() == Answers.Headers.SERVICE) {
            LimitStatus tightest = decision.tightest();
            if (tightest != null) {
                add(decision, tightest, tightest.level().resetMicros(), headers);
            }
        }
    }

    /** Adds the same as messages. */
    public static void add(Decision.Allowed decision, Consumer<HeaderValue> headers) {
        add(decision, new HeaderMessages(headers));
    }

    /** Adds those of the limit that refused; none where no limit did. */
    public static void add(Decision.Refused decision, Consumer<HeaderValue> headers) {
        LimitStatus by = decision.by();
        if (by != null && decision.domain().settings().answers().headers() == Answers.Headers.SERVICE) {
            // Retry-After must not end before the window that stands beside it.
            long window = decision.retryMicros() == BucketStatus.NEVER
                    ? by.level().resetMicros()
                    : by.level().retryMicros();
            add(decision, by, window, new HeaderMessages(headers));
        }
    }

    private static void add(Decision decision, LimitStatus shown, long windowMicros, HeaderSink headers) {
        DomainParts domain = DomainParts.of(decision.domain());
        LimitParts limit = domain.of(shown.limit());
        headers.known(limit.most());
        headers.number(REMAINING, shown.remaining());
        if (shown.hasReset()) {
            headers.number(RESET, Variables.seconds(shown.level().resetMicros()));
        }
        headers.known(domain.policies(shown.limit(), decision.standings()));
        headers.available(
                AVAILABLE,
                limit.available(),
                integer(shown.remaining()),
                shown.hasReset() ? Variables.seconds(windowMicros) : -1);
    }

    /** Caps a number at the largest that a structured field takes. */
    static long integer(long value) {
        return Math.min(value, LARGEST_INTEGER);
    }

    public static HeaderValue header(String name, String value) {
        return HeaderValue.newBuilder().setKey(name).setValue(value).build();
    }
}
