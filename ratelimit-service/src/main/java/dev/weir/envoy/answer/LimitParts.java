package dev.weir.envoy.answer;

import dev.weir.bucket.Algorithm;
import dev.weir.measure.Measure;
import dev.weir.policy.Limit;
import dev.weir.policy.Window;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit.Unit;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;

/**
 * Parts that all answers about a limit share, made once.
 *
 * @param current as a field of a descriptor's status
 * @param most the header {@code x-ratelimit-limit}
 * @param policy its item of the field {@code RateLimit-Policy}
 * @param available how its field {@code RateLimit} begins; what is left follows
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares parts.
public record LimitParts(Limit limit, byte[] current, Header most, String policy, byte[] available) {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long SECONDS_PER_DAY = 86_400;
    private static final long LARGEST_UINT32 = 0xffff_ffffL;

    static LimitParts of(Limit limit) {
        RateLimit current = RateLimit.newBuilder()
                .setName(limit.name())
                .setRequestsPerUnit((int) Math.min(limit.allow().amount(), LARGEST_UINT32))
                .setUnit(unit(limit.allow().window()))
                .build();
        return new LimitParts(
                limit,
                DescriptorStatus.newBuilder().setCurrentLimit(current).build().toByteArray(),
                Header.of("x-ratelimit-limit", Long.toString(limit.most())),
                policy(limit),
                ('"' + limit.name() + "\";r=").getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the item of a limit, whose name holds nothing that would end the string. */
    private static String policy(Limit limit) {
        StringBuilder item = new StringBuilder(48)
                .append('"')
                .append(limit.name())
                .append("\";q=")
                .append(RateHeaders.integer(limit.allow().amount()));
        if (limit.allow().measure() != Measure.REQUESTS) {
            item.append(";qu=\"")
                    .append(limit.allow().measure() == Measure.PARALLEL ? "concurrent-requests" : "tokens")
                    .append('"');
        }
        long seconds = seconds(limit.allow().window());
        if (seconds > 0) {
            item.append(";w=").append(seconds);
        }
        if (limit.algorithm() instanceof Algorithm.TokenBucket
                && limit.most() != limit.allow().amount()) {
            item.append(";weir-burst=").append(RateHeaders.integer(limit.most()));
        }
        return item.toString();
    }

    /** Returns a window's seconds, or 0 where no number is true: a month has no length, and what runs in parallel has no window. */
    private static long seconds(Window window) {
        if (window instanceof Window.Length length) {
            return length.micros() / MICROS_PER_SECOND;
        }
        if (window instanceof Window.Calendar calendar && calendar.unit() != ChronoUnit.MONTHS) {
            return calendar.unit() == ChronoUnit.WEEKS ? 7 * SECONDS_PER_DAY : SECONDS_PER_DAY;
        }
        return 0;
    }

    /** Returns Envoy's word for a window; unknown where it has none. */
    public static Unit unit(Window window) {
        if (window instanceof Window.Calendar calendar) {
            return switch (calendar.unit()) {
                case WEEKS -> Unit.WEEK;
                case MONTHS -> Unit.MONTH;
                default -> Unit.DAY;
            };
        }
        long micros = window instanceof Window.Length length ? length.micros() : 0;
        return switch ((int) (micros / MICROS_PER_SECOND)) {
            case 1 -> Unit.SECOND;
            case 60 -> Unit.MINUTE;
            case 3_600 -> Unit.HOUR;
            case 86_400 -> Unit.DAY;
            case 604_800 -> Unit.WEEK;
            case 2_592_000 -> Unit.MONTH;
            case 31_536_000 -> Unit.YEAR;
            default -> Unit.UNKNOWN;
        };
    }
}
