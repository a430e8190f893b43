package dev.weir.envoy.ratelimit;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.envoy.answer.RateHeaders;
import dev.weir.envoy.answer.RefusalAnswer;
import dev.weir.policy.Limit;
import dev.weir.policy.Window;
import dev.weir.request.ReservedNames;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit.Unit;

/**
 * Writes decisions as answers to Envoy's rate limit calls: a status for each descriptor, the headers of {@link RateHeaders} on an
 * admission, a {@link RefusalAnswer} on a refusal.
 */
public final class ResponseWriter {
    /** Writes what native domains answer. */
    static final AnswerWriter NATIVE = (decision, asked) -> decision instanceof Decision.Refused refused
            ? refused(refused, asked.getDescriptorsCount())
            : allowed((Decision.Allowed) decision, asked.getDescriptorsCount());

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final DescriptorStatus OK =
            DescriptorStatus.newBuilder().setCode(Code.OK).build();
    private static final DescriptorStatus OVER_LIMIT =
            DescriptorStatus.newBuilder().setCode(Code.OVER_LIMIT).build();

    private ResponseWriter() {}

    /** @param descriptors how many descriptors the call had; each gets a status */
    static RateLimitResponse allowed(Decision.Allowed decision, int descriptors) {
        RateLimitResponse.Builder response = RateLimitResponse.newBuilder().setOverallCode(Code.OK);
        addStatuses(response, decision, descriptors);
        RateHeaders.add(decision, response::addResponseHeadersToAdd);
        if (decision.reservation() != null) {
            response.setDynamicMetadata(Struct.newBuilder()
                    .putFields(
                            ReservedNames.METADATA_RESERVATION,
                            Value.newBuilder()
                                    .setStringValue(decision.reservation())
                                    .build())
                    .putFields(
                            ReservedNames.METADATA_DOMAIN,
                            Value.newBuilder()
                                    .setStringValue(decision.domain().name())
                                    .build()));
        }
        return response.build();
    }

    public static RateLimitResponse refused(Decision.Refused decision, int descriptors) {
        RateLimitResponse.Builder response = RateLimitResponse.newBuilder().setOverallCode(Code.OVER_LIMIT);
        addStatuses(response, decision, descriptors);
        RefusalAnswer answer = RefusalAnswer.of(decision);
        return response.addAllResponseHeadersToAdd(answer.headers())
                .setRawBody(ByteString.copyFromUtf8(answer.body()))
                .build();
    }

    private static void addStatuses(RateLimitResponse.Builder response, Decision decision, int descriptors) {
        boolean refused = decision instanceof Decision.Refused;
        boolean byLimit = !decision.standings().isEmpty();
        for (int i = 0; i < descriptors; i++) {
            LimitStatus tightest = null;
            boolean over = refused && !byLimit;
            for (LimitStatus standing : decision.standings()) {
                if (standing.descriptor() == i) {
                    over |= refused && standing.level().refuses();
                    tightest = tightest == null || standing.remainingShare() < tightest.remainingShare()
                            ? standing
                            : tightest;
                }
            }
            DescriptorStatus bare = over ? OVER_LIMIT : OK;
            response.addStatuses(tightest == null ? bare : status(bare.getCode(), tightest));
        }
    }

    private static DescriptorStatus status(Code code, LimitStatus standing) {
        Limit limit = standing.limit();
        return DescriptorStatus.newBuilder()
                .setCode(code)
                .setCurrentLimit(RateLimit.newBuilder()
                        .setName(limit.name())
                        .setRequestsPerUnit(uint32(limit.allow().amount()))
                        .setUnit(unit(limit.allow().window())))
                .setLimitRemaining(uint32(standing.remaining()))
                .setDurationUntilReset(Duration.newBuilder()
                        .setSeconds(standing.level().resetMicros() / MICROS_PER_SECOND)
                        .setNanos((int) (standing.level().resetMicros() % MICROS_PER_SECOND) * 1_000))
                .build();
    }

    private static int uint32(long value) {
        return (int) Math.min(value, 0xffff_ffffL);
    }

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
