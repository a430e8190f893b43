package dev.weir.envoy.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.RefusalReason;
import dev.weir.policy.Domain;
import dev.weir.policy.Policies;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** R5.7, R4.1: a refused caller learns what refused, and whether and when to come again. */
class RefusalAnswerTest {
    private static final BucketStatus FULL = new BucketStatus(20, 59_000_001, 2_500_001);

    @Test
    void aRefusalSaysWhenToTryAgainWhatRefusedAndUnderWhichPolicy() {
        Domain domain = domain("", "");

        RefusalAnswer answer = RefusalAnswer.of(refused(domain, RefusalReason.OVER_LIMIT, 2_500_001, FULL));

        assertEquals(429, answer.status());
        assertEquals(
                List.of(
                        "retry-after: 3",
                        "retry-after-ms: 2501",
                        "x-ratelimit-limit: 20",
                        "x-ratelimit-remaining: 0",
                        "x-ratelimit-reset: 60",
                        "ratelimit-policy: \"user-requests\";q=20;w=60",
                        "ratelimit: \"user-requests\";r=0;t=3",
                        "x-weir-limit: user-requests",
                        "x-weir-tier: user",
                        "x-weir-reason: over_limit",
                        "x-weir-policy: " + domain.version(),
                        "content-type: application/json"),
                headers(answer));
    }

    @ParameterizedTest
    @CsvSource({"envoy", "none"})
    void whoeverElseWritesTheHeadersOfLimitsTheRestStays(String mode) {
        Domain domain = domain("answers: {headers: %s}".formatted(mode), "");

        assertEquals(
                List.of(
                        "retry-after: 1",
                        "retry-after-ms: 1",
                        "x-weir-limit: user-requests",
                        "x-weir-tier: user",
                        "x-weir-reason: over_limit",
                        "x-weir-policy: " + domain.version(),
                        "content-type: application/json"),
                headers(RefusalAnswer.of(refused(domain, RefusalReason.OVER_LIMIT, 1, FULL))));
    }

    @ParameterizedTest
    @EnumSource(names = {"NEVER_FITS", "MISSING_ATTRIBUTES", "UNREADABLE_MAX_TOKENS"})
    void whatIsNeverAdmittedAsItStandsSaysNotToTryAgain(RefusalReason reason) {
        List<String> headers = headers(RefusalAnswer.of(refused(domain("", ""), reason, BucketStatus.NEVER)));

        assertEquals(
                List.of(
                        "x-should-retry: false",
                        "x-weir-reason: " + reason.word(),
                        "x-weir-policy: " + domain("", "").version(),
                        "content-type: application/json"),
                headers);
    }

    @Test
    void aStoreThatIsFullIsA503AndLeavesItToTheClientWhenToTryAgain() {
        Domain domain = domain("answers: {status: 420}", "");

        RefusalAnswer answer = RefusalAnswer.of(refused(domain, RefusalReason.STORE_FULL, BucketStatus.NEVER));

        assertEquals(503, answer.status());
        assertEquals("x-weir-reason: store_full", headers(answer).get(0));
    }

    @Test
    void aStoreThatIsOverloadedIsTriedAgainSoon() {
        RefusalAnswer answer = RefusalAnswer.of(refused(domain("", ""), RefusalReason.OVERLOADED, 1_000_000));

        assertEquals(429, answer.status());
        assertEquals(
                List.of("retry-after: 1", "retry-after-ms: 1000", "x-weir-reason: overloaded"),
                headers(answer).subList(0, 3));
    }

    /** What clients do with a wait of hours: some sleep through it, others do not heed it at all. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                            | 120_000_000 |",
                "                            | 120_000_001 | x-should-retry: false",
                "answers: {long_waits: 1h}   | 3_600_000_000 |",
                "answers: {long_waits: 1h}   | 3_600_000_001 | x-should-retry: false",
                "answers: {long_waits: none} | 2_678_400_000_000 |"
            })
    void beyondAWaitThatThePolicySetsClientsAreToldNotToWait(
            @Nullable String settings, String retryMicros, @Nullable String header) {
        Domain domain = domain(settings == null ? "" : settings, "");
        long retry = Long.parseLong(retryMicros.replace("_", ""));

        List<String> headers = headers(RefusalAnswer.of(refused(domain, RefusalReason.OVER_LIMIT, retry, FULL)));

        assertEquals("retry-after: " + (retry + 999_999) / 1_000_000, headers.get(0));
        assertEquals(header != null, headers.contains("x-should-retry: false"), headers::toString);
    }

    @ParameterizedTest
    @CsvSource({"2147483647000, true", "2147483647001, false"})
    void millisecondsThatTimersCannotHoldAreLeftOut(long retry, boolean told) {
        List<String> headers =
                headers(RefusalAnswer.of(refused(domain("", ""), RefusalReason.OVER_LIMIT, retry, FULL)));

        assertEquals(told, headers.contains("retry-after-ms: 2147483647"));
        assertEquals(told, headers.stream().anyMatch(header -> header.startsWith("retry-after-ms")));
    }

    @ParameterizedTest
    @CsvSource({
        "OVER_LIMIT, 429",
        "NEVER_FITS, 400",
        "UNREADABLE_MAX_TOKENS, 400",
        "MISSING_ATTRIBUTES, 400",
        "OVERLOADED, 429"
    })
    void aStatusThatNobodyChoseFitsTheReason(RefusalReason reason, int status) {
        Decision.Refused refused = refused(domain("", ""), reason, BucketStatus.NEVER, FULL);

        assertEquals(status, RefusalAnswer.of(refused).status());
        assertEquals(
                420,
                RefusalAnswer.of(refused(domain("answers: {status: 420}", ""), reason, 1, FULL))
                        .status());
        assertEquals(429, RefusalAnswer.withStatusOfEnvoy(refused).status());
    }

    @Test
    void theStatusIsTheLimitsThenTheDomains() {
        String ofDomain = "answers: {status: 420}";

        assertEquals(420, status(domain(ofDomain, "")));
        assertEquals(402, status(domain(ofDomain, ", answer: {status: 402}")));
    }

    private static int status(Domain domain) {
        return RefusalAnswer.of(refused(domain, RefusalReason.OVER_LIMIT, 1, FULL))
                .status();
    }

    private static Decision.Refused refused(Domain domain, RefusalReason reason, long retryMicros, BucketStatus level) {
        return refused(
                domain, reason, retryMicros, new LimitStatus(domain.limits().get(0), 0, 1, level));
    }

    private static Decision.Refused refused(Domain domain, RefusalReason reason, long retryMicros) {
        return refused(domain, reason, retryMicros, (LimitStatus) null);
    }

    private static Decision.Refused refused(
            Domain domain, RefusalReason reason, long retryMicros, @Nullable LimitStatus by) {
        return new Decision.Refused(
                domain, reason, by, by == null ? List.of() : List.of(by), List.of(), retryMicros, "No.");
    }

    /** Of one limit. */
    private static Domain domain(String settings, String more) {
        return Policies.domain(
                "domain: llm\n%s\nlimits: [{name: user-requests, tier: user, allow: 20 requests / 1m%s}]\n"
                        .formatted(settings, more));
    }

    private static List<String> headers(RefusalAnswer answer) {
        return answer.headers().stream()
                .map(header -> header.getKey() + ": " + header.getValue())
                .toList();
    }
}
