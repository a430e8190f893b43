package dev.weir.envoy.answer;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.Variables;
import dev.weir.measure.Measure;
import dev.weir.policy.Answers;
import dev.weir.policy.Limit;
import dev.weir.policy.Window;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;

/**
 * The headers that tell callers how much is left: {@code x-ratelimit-*} of one limit, and the fields of
 * draft-ietf-httpapi-ratelimit-headers-11, where {@code RateLimit} tells of the same limit and {@code RateLimit-Policy} of all that
 * apply. Only where the domain leaves them to Weir. They go with every answer, hence the plain concatenation.
 *
 * <p>The draft knows requests, concurrent requests and bytes. Tokens are called {@code tokens} all the same: without a unit they
 * would read as requests.
 */
public final class RateHeaders {
    /** More would say little and may be too long for a proxy on the way. */
    private static final int MOST_POLICIES = 8;

    /** What a structured field takes as an integer. */
    private static final long LARGEST_INTEGER = 999_999_999_999_999L;

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long SECONDS_PER_DAY = 86_400;

    private RateHeaders() {}

    /** Of the limit that is the tightest after an admission; nothing where no limit was asked. */
    public static void add(Decision.Allowed decision, Consumer<HeaderValue> headers) {
        if (decision.answers().headers() == Answers.Headers.SERVICE) {
            decision.tightest()
                    .ifPresent(
                            tightest -> add(tightest, tightest.level().resetMicros(), decision.standings(), headers));
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
            add(by, window, decision.standings(), headers);
        }
    }

    private static void add(
            LimitStatus shown, long windowMicros, List<LimitStatus> all, Consumer<HeaderValue> headers) {
        headers.accept(header("x-ratelimit-limit", Long.toString(shown.limit().most())));
        headers.accept(header("x-ratelimit-remaining", Long.toString(shown.remaining())));
        headers.accept(header(
                "x-ratelimit-reset",
                Long.toString(Variables.seconds(shown.level().resetMicros()))));
        headers.accept(header("ratelimit-policy", policies(shown.limit(), all)));
        headers.accept(header("ratelimit", available(shown, windowMicros)));
    }

    private static String available(LimitStatus shown, long windowMicros) {
        StringBuilder field = new StringBuilder(48)
                .append('"')
                .append(shown.limit().name())
                .append("\";r=")
                .append(integer(shown.remaining()));
        if (!(shown.limit().allow().window() instanceof Window.None)) {
            field.append(";t=").append(Variables.seconds(windowMicros));
        }
        return field.toString();
    }

    /** In tier order, so that the field stays the same from answer to answer; among them always the one that is shown. */
    private static String policies(Limit shown, List<LimitStatus> all) {
        StringBuilder field = new StringBuilder(32 * Math.min(all.size(), MOST_POLICIES));
        int written = 0;
        boolean withShown = false;
        for (int i = 0; i < all.size() && written < MOST_POLICIES; i++) {
            Limit limit = all.get(i).limit();
            boolean lastPlace = written == MOST_POLICIES - 1 && !withShown;
            if (lastPlace) {
                limit = shown;
            } else if (isNamedBefore(i, all)) {
                continue;
            }
            withShown |= limit.name().equals(shown.name());
            appendPolicy(written == 0 ? field : field.append(", "), limit);
            written++;
        }
        return field.toString();
    }

    /** Several buckets of one limit, for several descriptors, are one policy. */
    private static boolean isNamedBefore(int index, List<LimitStatus> all) {
        for (int i = 0; i < index; i++) {
            if (all.get(i).limit().name().equals(all.get(index).limit().name())) {
                return true;
            }
        }
        return false;
    }

    /** A limit's name holds nothing that would end the string. */
    private static void appendPolicy(StringBuilder field, Limit limit) {
        field.append('"')
                .append(limit.name())
                .append("\";q=")
                .append(integer(limit.allow().amount()));
        if (limit.allow().measure() != Measure.REQUESTS) {
            field.append(";qu=\"")
                    .append(limit.allow().measure() == Measure.PARALLEL ? "concurrent-requests" : "tokens")
                    .append('"');
        }
        long seconds = seconds(limit.allow().window());
        if (seconds > 0) {
            field.append(";w=").append(seconds);
        }
        if (limit.algorithm() instanceof Algorithm.Refilling
                && limit.most() != limit.allow().amount()) {
            field.append(";weir-burst=").append(integer(limit.most()));
        }
    }

    /** 0 where no number of seconds is true: a month has no length, and what runs in parallel has no window. */
    private static long seconds(Window window) {
        if (window instanceof Window.Length length) {
            return length.micros() / MICROS_PER_SECOND;
        }
        if (window instanceof Window.Calendar calendar && calendar.unit() != ChronoUnit.MONTHS) {
            return calendar.unit() == ChronoUnit.WEEKS ? 7 * SECONDS_PER_DAY : SECONDS_PER_DAY;
        }
        return 0;
    }

    private static long integer(long value) {
        return Math.min(value, LARGEST_INTEGER);
    }

    public static HeaderValue header(String name, String value) {
        return HeaderValue.newBuilder().setKey(name).setValue(value).build();
    }
}
