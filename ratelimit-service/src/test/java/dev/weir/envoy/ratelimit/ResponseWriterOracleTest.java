package dev.weir.envoy.ratelimit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.envoy.answer.LimitParts;
import dev.weir.envoy.answer.RateHeaders;
import dev.weir.measure.Measure;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Policies;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Answers are written as bytes; here stands once more, with protobuf-java's builders, what they are to say. */
class ResponseWriterOracleTest {
    private static final int ANSWERS = 20_000;
    private static final Domain DOMAIN = Policies.domain("""
            domain: "d\u00f6main"
            limits:
              - {name: a, tier: user, allow: 20 requests / 1m}
              - {name: %s, tier: user, allow: 5000M requests / 1h}
              - {name: c, tier: team, allow: 40k tokens / 1m, estimate: 1}
              - {name: d, tier: team, allow: 3 parallel}
              - {name: e, tier: global, allow: 15 requests / 1s, algorithm: token_bucket, burst: 20}
              - {name: f, tier: global, allow: 7 requests / 1 month, algorithm: fixed_window}
            """.formatted("n".repeat(60)));

    private final Random random = new Random(20261129);

    @Test
    void everyAdmissionIsWrittenAsBuildersWriteIt() throws InvalidProtocolBufferException {
        for (int i = 0; i < ANSWERS; i++) {
            int descriptors = random.nextInt(4);
            Decision.Allowed decision = decision(descriptors);
            assertEquals(
                    built(decision, descriptors),
                    RateLimitResponse.parseFrom(ResponseWriter.allowed(decision, descriptors)));
        }
    }

    private Decision.Allowed decision(int descriptors) {
        List<LimitStatus> standings = new ArrayList<>();
        for (Limit limit : DOMAIN.limits()) {
            if (descriptors > 0 && random.nextBoolean()) {
                BucketStatus level = new BucketStatus(amount(), amount(), 0);
                standings.add(new LimitStatus(limit, random.nextInt(descriptors), 1, level));
            }
        }
        String reservation = random.nextBoolean() ? "r".repeat(1 + random.nextInt(200)) : null;
        return new Decision.Allowed(DOMAIN, standings, List.of(), reservation, 0);
    }

    private long amount() {
        return random.nextInt(5) == 0 ? 0 : random.nextLong() >>> (1 + random.nextInt(63));
    }

    private static RateLimitResponse built(Decision.Allowed decision, int descriptors) {
        RateLimitResponse.Builder response = RateLimitResponse.newBuilder().setOverallCode(Code.OK);
        for (int i = 0; i < descriptors; i++) {
            DescriptorStatus.Builder status = response.addStatusesBuilder().setCode(Code.OK);
            int descriptor = i;
            List<LimitStatus> reached = decision.standings().stream()
                    .filter(standing -> standing.descriptor() == descriptor)
                    .toList();
            List<LimitStatus> windowed =
                    reached.stream().filter(ResponseWriterOracleTest::hasWindow).toList();
            (windowed.isEmpty() ? reached : windowed)
                    .stream()
                            .reduce((one, other) -> other.remainingShare() < one.remainingShare() ? other : one)
                            .ifPresent(standing -> describe(standing, status));
        }
        RateHeaders.add(decision, header -> response.addResponseHeadersToAdd(header));
        if (decision.reservation() != null) {
            response.setDynamicMetadata(Struct.newBuilder()
                    .putFields("reservation", text(decision.reservation()))
                    .putFields("reservation_domain", text("d\u00f6main")));
        }
        return response.build();
    }

    private static boolean hasWindow(LimitStatus standing) {
        return standing.limit().allow().measure() != Measure.PARALLEL;
    }

    private static void describe(LimitStatus standing, DescriptorStatus.Builder status) {
        Limit limit = standing.limit();
        long resetMicros = hasWindow(standing) ? standing.level().resetMicros() : 0;
        status.setCurrentLimit(RateLimit.newBuilder()
                        .setName(limit.name())
                        .setRequestsPerUnit((int) Math.min(limit.allow().amount(), 0xffff_ffffL))
                        .setUnit(LimitParts.unit(limit.allow().window())))
                .setLimitRemaining((int) Math.min(standing.remaining(), 0xffff_ffffL))
                .setDurationUntilReset(Duration.newBuilder()
                        .setSeconds(Math.min(resetMicros / 1_000_000, 315_576_000_000L))
                        .setNanos((int) (resetMicros % 1_000_000) * 1_000));
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
