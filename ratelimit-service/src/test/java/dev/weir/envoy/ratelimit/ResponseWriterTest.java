package dev.weir.envoy.ratelimit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.Decisions;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.RefusalReason;
import dev.weir.envoy.answer.RefusalAnswer;
import dev.weir.policy.Limit;
import dev.weir.policy.Policies;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit.Unit;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R5.7, R4.1: callers see the limit headers, Retry-After, and what blocked them. */
class ResponseWriterTest {
    private static final Limit USER = limit("{name: user-requests, tier: user, allow: 20 requests / 1m}");
    private static final Limit TEAM = limit("{name: team-requests, tier: team, allow: 100 requests / 1h}");

    @Test
    void aRefusalIsWhatRefusalAnswerSays() {
        LimitStatus by = new LimitStatus(USER, 0, 1, new BucketStatus(20, 59_000_001, 2_500_000));
        LimitStatus other = new LimitStatus(TEAM, 0, 1, new BucketStatus(20, 3_600_000_000L, 0));
        Decision.Refused refused =
                Decisions.refused(RefusalReason.OVER_LIMIT, by, List.of(by, other), 2_500_000, "Too much.");

        RateLimitResponse response = refused(refused, 1);

        assertEquals(Code.OVER_LIMIT, response.getOverallCode());
        RefusalAnswer answer = RefusalAnswer.of(refused);
        assertEquals(answer.headers(), response.getResponseHeadersToAddList());
        assertEquals(answer.body(), response.getRawBody().toStringUtf8());
        assertFalse(response.hasDynamicMetadata());
    }

    @Test
    void aRefusalThatCameToNoLimitIsOneOfEveryDescriptor() {
        RateLimitResponse response = refused(
                Decisions.refused(RefusalReason.MISSING_ATTRIBUTES, null, List.of(), BucketStatus.NEVER, "No user."),
                2);

        assertEquals(List.of(Code.OVER_LIMIT, Code.OVER_LIMIT), codes(response));
    }

    @Test
    void everyDescriptorHasAStatusOfItsOwn() {
        LimitStatus open = new LimitStatus(USER, 0, 1, new BucketStatus(5, 30_000_000, 0));
        LimitStatus over = new LimitStatus(TEAM, 2, 1, new BucketStatus(100, 3_600_000_000L, 60_000_000));

        RateLimitResponse response =
                refused(Decisions.refused(RefusalReason.OVER_LIMIT, over, List.of(open, over), 60_000_000, "Full."), 3);

        assertEquals(List.of(Code.OK, Code.OK, Code.OVER_LIMIT), codes(response));
        DescriptorStatus first = response.getStatuses(0);
        assertEquals("user-requests", first.getCurrentLimit().getName());
        assertEquals(20, first.getCurrentLimit().getRequestsPerUnit());
        assertEquals(Unit.MINUTE, first.getCurrentLimit().getUnit());
        assertEquals(15, first.getLimitRemaining());
        assertEquals(30, first.getDurationUntilReset().getSeconds());
        assertFalse(response.getStatuses(1).hasCurrentLimit());
        assertEquals(Unit.HOUR, response.getStatuses(2).getCurrentLimit().getUnit());
    }

    @Test
    void aDescriptorIsOverWhereAnyOfItsLimitsRefusesAndShowsTheOneThatIsNamed() {
        LimitStatus refuses = new LimitStatus(USER, 0, 5, new BucketStatus(16, 30_000_000, 1_000_000));
        LimitStatus fuller = new LimitStatus(TEAM, 0, 5, new BucketStatus(95, 60_000_000, 0));

        RateLimitResponse response = refused(
                Decisions.refused(RefusalReason.OVER_LIMIT, refuses, List.of(refuses, fuller), 1_000_000, "Full."), 1);

        assertEquals(List.of(Code.OVER_LIMIT), codes(response));
        assertEquals("user-requests", response.getStatuses(0).getCurrentLimit().getName());
    }

    @Test
    void anAdmissionShowsTheTightestLimit() {
        LimitStatus user = new LimitStatus(USER, 0, 1, new BucketStatus(2, 60_000_000, 0));
        LimitStatus team = new LimitStatus(TEAM, 0, 1, new BucketStatus(90, 3_600_000_000L, 0));

        RateLimitResponse response = allowed(Decisions.allowed(List.of(user, team), null), 1);

        assertEquals(Code.OK, response.getOverallCode());
        assertEquals(
                List.of(
                        "x-ratelimit-limit: 100",
                        "x-ratelimit-remaining: 10",
                        "x-ratelimit-reset: 3600",
                        "ratelimit-policy: \"user-requests\";q=20;w=60, \"team-requests\";q=100;w=3600",
                        "ratelimit: \"team-requests\";r=10;t=3600"),
                headers(response));
        assertEquals(List.of(Code.OK), codes(response));
        assertEquals("team-requests", response.getStatuses(0).getCurrentLimit().getName());
        assertFalse(response.hasDynamicMetadata());
        assertEquals("", response.getRawBody().toStringUtf8());
    }

    @Test
    void aReservationGoesIntoTheMetadata() {
        LimitStatus user = new LimitStatus(USER, 0, 1, new BucketStatus(2, 60_000_000, 0));

        RateLimitResponse response = allowed(Decisions.allowed(List.of(user), "r-1"), 1);

        assertEquals(
                "r-1",
                response.getDynamicMetadata().getFieldsOrThrow("reservation").getStringValue());
    }

    @Test
    void aSettlementIsAnsweredWithoutHeaders() {
        RateLimitResponse response = allowed(Decision.Allowed.NOTHING_ASKED, 2);

        assertEquals(List.of(Code.OK, Code.OK), codes(response));
        assertEquals(List.of(), headers(response));
    }

    @Test
    void debtIsShownAsNothingLeft() {
        LimitStatus user = new LimitStatus(USER, 0, 0, new BucketStatus(500, 60_000_000, 1));

        RateLimitResponse response =
                refused(Decisions.refused(RefusalReason.OVER_LIMIT, user, List.of(user), 1, "Full."), 1);

        assertEquals(0, response.getStatuses(0).getLimitRemaining());
        assertEquals("retry-after: 1", headers(response).get(0));
    }

    @ParameterizedTest
    @CsvSource({"1s, SECOND", "60s, MINUTE", "1h, HOUR", "24h, DAY", "7d, WEEK", "5m, UNKNOWN", "31d, UNKNOWN"})
    void theUnitIsEnvoysWhereItHasOne(String window, Unit unit) {
        Limit limit = limit("{name: a, tier: user, allow: 1 requests / %s}".formatted(window));
        LimitStatus standing = new LimitStatus(limit, 0, 1, new BucketStatus(1, 1, 0));

        RateLimitResponse response = allowed(Decisions.allowed(List.of(standing), null), 1);

        assertEquals(unit, response.getStatuses(0).getCurrentLimit().getUnit());
    }

    @Test
    void whatIsAbove32BitsIsShownAsTheirLargest() {
        Limit limit = limit("{name: a, tier: user, allow: 5000M requests / 1h}");
        LimitStatus standing = new LimitStatus(limit, 0, 1, new BucketStatus(1, 1, 0));

        RateLimitResponse response = allowed(Decisions.allowed(List.of(standing), null), 1);

        assertEquals(-1, response.getStatuses(0).getCurrentLimit().getRequestsPerUnit());
        assertEquals(-1, response.getStatuses(0).getLimitRemaining());
        assertEquals("x-ratelimit-limit: 5000000000", headers(response).get(0));
    }

    private static RateLimitResponse allowed(Decision.Allowed decision, int descriptors) {
        return parsed(ResponseWriter.allowed(decision, descriptors));
    }

    private static RateLimitResponse refused(Decision.Refused decision, int descriptors) {
        return parsed(ResponseWriter.refused(decision, descriptors));
    }

    private static RateLimitResponse parsed(byte[] answer) {
        try {
            return RateLimitResponse.parseFrom(answer);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static Limit limit(String yaml) {
        return Policies.domain("domain: llm\nlimits: [%s]\n".formatted(yaml))
                .limits()
                .get(0);
    }

    private static List<Code> codes(RateLimitResponse response) {
        return response.getStatusesList().stream()
                .map(DescriptorStatus::getCode)
                .toList();
    }

    private static List<String> headers(RateLimitResponse response) {
        return response.getResponseHeadersToAddList().stream()
                .map(header -> header.getKey() + ": " + header.getValue())
                .collect(Collectors.toList());
    }
}
