package dev.weir.envoy.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.Decisions;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.RefusalReason;
import dev.weir.envoy.ratelimit.ResponseWriter;
import dev.weir.policy.Domain;
import dev.weir.policy.Policies;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R5.7, R4.1: callers see the same as from the rate limit service. */
class AdmissionWriterTest {
    private static final CheckResponse ALICE = known();
    private static final Domain DOMAIN = Policies.domain("""
            domain: llm
            admit: true
            answers: {status: 503}
            limits:
              - {name: user-requests, tier: user, per: [user], allow: 20 requests / 1m}
              - {name: team-spent, tier: team, per: [team], allow: 20 requests / 1m, answer: {status: 402}}
            """);

    @Test
    void whatIsAllowedIsIdentityAndHeadersAndTheReservation() {
        LimitStatus standing = standing(0, new BucketStatus(5, 1_000_000, 0));

        CheckResponse answer = AdmissionWriter.write(Decisions.allowed(List.of(standing), "r-1"), ALICE);

        assertEquals(0, answer.getStatus().getCode());
        assertEquals(
                List.of(
                        "x-ratelimit-limit: 20 OVERWRITE_IF_EXISTS_OR_ADD",
                        "x-ratelimit-remaining: 15 OVERWRITE_IF_EXISTS_OR_ADD",
                        "x-ratelimit-reset: 1 OVERWRITE_IF_EXISTS_OR_ADD",
                        "ratelimit-policy: \"user-requests\";q=20;w=60 OVERWRITE_IF_EXISTS_OR_ADD",
                        "ratelimit: \"user-requests\";r=15;t=1 OVERWRITE_IF_EXISTS_OR_ADD"),
                lines(answer.getOkResponse().getResponseHeadersToAddList()));
        assertEquals(
                ALICE.getOkResponse().getHeadersList(), answer.getOkResponse().getHeadersList());
        assertEquals("alice", metadata(answer, "user"));
        assertEquals("r-1", metadata(answer, "reservation"));
    }

    @Test
    void whereNothingWillBeSettledThereIsNoReservation() {
        CheckResponse answer = AdmissionWriter.write(Decision.Allowed.NOTHING_ASKED, ALICE);

        assertEquals(ALICE, answer);
    }

    @Test
    void aRefusalSaysWhatTheRateLimitServiceSaysAndCarriesNoReservation() throws Exception {
        Decision.Refused refused = refused(standing(0, new BucketStatus(20, 59_000_001, 2_500_000)));

        CheckResponse answer = AdmissionWriter.write(refused, ALICE);
        RateLimitResponse other = RateLimitResponse.parseFrom(ResponseWriter.refused(refused, 1));

        assertTrue(answer.hasDeniedResponse());
        assertEquals(8, answer.getStatus().getCode());
        assertEquals(
                other.getResponseHeadersToAddList(),
                answer.getDeniedResponse().getHeadersList().stream()
                        .map(HeaderValueOption::getHeader)
                        .toList());
        assertTrue(lines(answer.getDeniedResponse().getHeadersList())
                .contains("retry-after-ms: 2500 OVERWRITE_IF_EXISTS_OR_ADD"));
        assertEquals(
                other.getRawBody().toStringUtf8(), answer.getDeniedResponse().getBody());
        assertEquals("alice", metadata(answer, "user"));
        assertFalse(answer.getDynamicMetadata().containsFields("reservation"));
    }

    @Test
    void theStatusIsTheLimitsElseTheOneThatFits() {
        BucketStatus spent = new BucketStatus(20, 0, 1);

        assertEquals(503, status(refused(standing(0, spent))));
        assertEquals(402, status(refused(standing(1, spent))));
        assertEquals(
                503,
                status(Decisions.refused(
                        RefusalReason.STORE_FULL, null, List.of(), BucketStatus.NEVER, "Nobody's fault but ours.")));
        assertEquals(
                400,
                status(Decisions.refused(
                        RefusalReason.MISSING_ATTRIBUTES, null, List.of(), BucketStatus.NEVER, "The default.")));
    }

    private static int status(Decision.Refused refused) {
        return AdmissionWriter.write(refused, ALICE)
                .getDeniedResponse()
                .getStatus()
                .getCodeValue();
    }

    private static Decision.Refused refused(LimitStatus by) {
        return new Decision.Refused(
                DOMAIN, RefusalReason.OVER_LIMIT, by, List.of(by), List.of(), 2_500_000, "Too much.");
    }

    private static LimitStatus standing(int limit, BucketStatus level) {
        return new LimitStatus(DOMAIN.limits().get(limit), 0, 1, level);
    }

    private static CheckResponse known() {
        CheckResponse.Builder known = CheckResponse.newBuilder();
        known.getStatusBuilder().setCode(0);
        known.getOkResponseBuilder()
                .addHeadersBuilder()
                .getHeaderBuilder()
                .setKey("x-weir-user")
                .setValue("alice");
        return known.setDynamicMetadata(Struct.newBuilder()
                        .putFields(
                                "user",
                                Value.newBuilder().setStringValue("alice").build()))
                .build();
    }

    private static List<String> lines(List<HeaderValueOption> headers) {
        return headers.stream()
                .map(option -> option.getHeader().getKey() + ": "
                        + option.getHeader().getValue() + " " + option.getAppendAction())
                .toList();
    }

    private static String metadata(CheckResponse answer, String name) {
        return answer.getDynamicMetadata().getFieldsOrThrow(name).getStringValue();
    }
}
