package dev.weir.envoy.ratelimit;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.envoy.answer.DomainParts;
import dev.weir.envoy.answer.LimitParts;
import dev.weir.envoy.answer.RateHeaders;
import dev.weir.envoy.answer.RefusalAnswer;
import dev.weir.request.ReservedNames;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;

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
    private static final long LARGEST_UINT32 = 0xffff_ffffL;
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
        DomainParts parts = DomainParts.of(decision.domain());
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
            response.addStatuses(
                    tightest == null ? bare : status(bare.getCode(), tightest, parts.of(tightest.limit())));
        }
    }

    private static DescriptorStatus status(Code code, LimitStatus standing, LimitParts limit) {
        return DescriptorStatus.newBuilder()
                .setCode(code)
                .setCurrentLimit(limit.current())
                .setLimitRemaining((int) Math.min(standing.remaining(), LARGEST_UINT32))
                .setDurationUntilReset(Duration.newBuilder()
                        .setSeconds(standing.level().resetMicros() / MICROS_PER_SECOND)
                        .setNanos((int) (standing.level().resetMicros() % MICROS_PER_SECOND) * 1_000))
                .build();
    }
}
