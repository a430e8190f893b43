package dev.weir.refusal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decisions;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.RefusalReason;
import dev.weir.policy.Limit;
import dev.weir.policy.Policies;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** R1.6: which key, service and environment, which limit, when, how many. */
class RefusalTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final List<Limit> LIMITS = Policies.domain("""
                    domain: llm
                    limits:
                      - {name: user-tokens, tier: user, per: [user], allow: 40k tokens / 1m, estimate: 1k}
                      - {name: team-requests, tier: team, per: [team], allow: 20 requests / 1m}
                    """).limits();

    @Test
    void aRecordHasAllFieldsOfTheLimitThatRefused() {
        LimitStatus by = new LimitStatus(LIMITS.get(0), 1, 900, new BucketStatus(39_500, 61_000_000, 1_500_000));
        AdmittedCounts admissions = new AdmittedCounts();
        for (int i = 0; i < 20; i++) {
            admissions.count("llm", Decisions.allowed(List.of(by), null));
        }
        Refusal refusal = Refusal.of(
                        NOON,
                        request(
                                "r-1",
                                Attributes.of("team", "red"),
                                Attributes.of("user", "alice", "weir.request_id", "r-1")),
                        Decisions.refused(RefusalReason.OVER_LIMIT, by, List.of(by), 1_500_000, "Too much."),
                        false)
                .counted(3);

        assertEquals(
                "{\"time\":\"2026-01-01T12:00:00Z\",\"request_id\":\"r-1\",\"domain\":\"llm\","
                        + "\"policy\":\"000000000000\",\"attributes\":{\"user\":\"alice\"},\"limit\":\"user-tokens\",\"tier\":\"user\","
                        + "\"measure\":\"tokens\",\"allowed\":40000,\"used\":39500,\"asked\":900,\"window\":\"1m\","
                        + "\"reset\":61.0,\"mode\":\"enforce\",\"reason\":\"over_limit\",\"retry_after\":1.5,\"message\":\"Too much.\","
                        + "\"count\":3,\"admitted\":20}",
                refusal.beside(admissions).toJson());
        assertTrue(refusal.beside(admissions).toJson().endsWith("\"admitted\":0}"), "told twice");
    }

    @Test
    void whatDoesNotApplyIsNull() {
        assertEquals(
                "{\"time\":\"2026-01-01T12:00:00Z\",\"request_id\":null,\"domain\":\"llm\","
                        + "\"policy\":\"000000000000\",\"attributes\":{\"team\":\"red\"},\"limit\":null,\"tier\":null,\"measure\":null,"
                        + "\"allowed\":null,\"used\":null,\"asked\":null,\"window\":null,\"reset\":null,"
                        + "\"mode\":\"enforce\",\"reason\":\"missing_attributes\",\"retry_after\":null,\"message\":\"No user.\",\"count\":1,"
                        + "\"admitted\":null}",
                missing("red").beside(new AdmittedCounts()).toJson());
    }

    @Test
    void anyValueStaysOneLineOfValidJson() {
        String odd = "a\r\n\u2028\u0085\"\\\u0000\udcff\ud800{";
        String json = missing(odd).toJson();

        assertTrue(json.indexOf('\n') < 0 && json.indexOf('\r') < 0 && json.indexOf('\u2028') < 0, json);
        assertEquals(
                odd.replace("\udcff", "\\xff"),
                JsonParser.parseString(json)
                        .getAsJsonObject()
                        .getAsJsonObject("attributes")
                        .get("team")
                        .getAsString());
    }

    @Test
    void aLongValueIsShortenedSoThatManyRecordsMayWait() {
        assertEquals(259, missing("x".repeat(60_000)).attributes().get("team").length());
        assertEquals("x".repeat(256), missing("x".repeat(256)).attributes().get("team"));
    }

    @Test
    void refusalsOfOneDomainLimitAndReasonAreOfAKind() {
        assertEquals(
                byLimit(0, RefusalReason.OVER_LIMIT).kind(),
                byLimit(0, RefusalReason.OVER_LIMIT).kind());
        assertEquals(missing("red").kind(), missing("blue").kind());
        assertNotEquals(
                byLimit(0, RefusalReason.OVER_LIMIT).kind(),
                byLimit(1, RefusalReason.OVER_LIMIT).kind());
        assertNotEquals(
                byLimit(0, RefusalReason.OVER_LIMIT).kind(),
                byLimit(0, RefusalReason.NEVER_FITS).kind());
    }

    private static Refusal byLimit(int limit, RefusalReason reason) {
        LimitStatus by = new LimitStatus(LIMITS.get(limit), 0, 1, new BucketStatus(20, 1, 1));
        return Refusal.of(
                NOON,
                request(null, Attributes.of("user", "alice")),
                Decisions.refused(reason, by, List.of(by), 1, ""),
                false);
    }

    private static Refusal missing(String team) {
        return Refusal.of(
                NOON,
                request(null, Attributes.of("team", team)),
                Decisions.refused(RefusalReason.MISSING_ATTRIBUTES, null, List.of(), BucketStatus.NEVER, "No user."),
                false);
    }

    private static Request request(@Nullable String id, Attributes... descriptors) {
        return new Request(
                "llm",
                id,
                IntStream.range(0, descriptors.length)
                        .mapToObj(i -> new Descriptor(i, descriptors[i], 1, null))
                        .toList(),
                List.of());
    }
}
