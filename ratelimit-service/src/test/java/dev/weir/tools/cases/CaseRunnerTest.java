package dev.weir.tools.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R2.8, R5.8: what a policy does to traffic over time is known before it serves. */
class CaseRunnerTest {
    private static final String LIMITS = """
            - {name: user-requests, tier: user, per: [user], when: {kind: window}, allow: 20 requests / 1m}
            - {name: steady, tier: user, per: [user], when: {kind: bucket}, allow: 1 requests / 1s, algorithm: token_bucket, burst: 3}
            - {name: daily, tier: user, per: [user], when: {kind: day}, allow: 2 requests / 1 day, algorithm: fixed_window}
            - {name: at-once, tier: user, per: [user], when: {kind: stream}, allow: 2 parallel}
            - {name: tokens, tier: team, per: [user], when: {kind: chat}, allow: 1000 tokens / 1m, estimate: 400}
            - {name: free, tier: global, when: {kind: free}, allow: unlimited requests}
            """;

    @TempDir
    Path folder = Path.of("");

    private Bench bench;

    @BeforeEach
    void writePolicy() throws IOException {
        bench = new Bench(folder, LIMITS);
    }

    @Test
    void aSlidingWindowReopensAsItsRequestsGrowOld() throws Exception {
        assertEquals(List.of(), bench.play("""
                - {send: {kind: window, user: alice}, times: 20, every: 1s, expect: allowed}
                - {send: {kind: window, user: alice}, expect: {refused: user-requests, tier: user, reason: over_limit, retry_after: 41s}}
                - {send: {kind: window, user: bob}, expect: {allowed: true, remaining: {user-requests: 19}}}
                - {wait: 40s}
                - {send: {kind: window, user: alice}, expect: refused}
                - {wait: 1s}
                - {send: {kind: window, user: alice}, times: 2, expect: {allowed: 1, refused: user-requests}}
                """));
    }

    @Test
    void aTokenBucketRefills() throws Exception {
        assertEquals(List.of(), bench.play("""
                - {send: {kind: bucket, user: alice}, times: 5, expect: {allowed: 3, refused: 2, by: steady, retry_after: 1}}
                - {wait: 500ms}
                - {send: {kind: bucket, user: alice}, expect: refused}
                - {wait: 500ms}
                - {send: {kind: bucket, user: alice}, expect: {remaining: {steady: 0}}}
                - {send: {kind: bucket, user: alice}, times: 10, every: 1s, expect: {allowed: 9}}
                """));
    }

    @Test
    void aDayEndsAtMidnightOfThePolicysTimeZone() throws Exception {
        assertEquals(List.of(), bench.play("""
                - {until: 2026-01-05T22:59:59Z}
                - {send: {kind: day, user: alice}, times: 3, expect: {allowed: 2, refused: daily, retry_after: 1}}
                - {until: 2026-01-06T00:00:00+01:00}
                - {send: {kind: day, user: alice}, times: 2, expect: allowed}
                - {wait: 23h}
                - {send: {kind: day, user: alice}, expect: {refused: daily, retry_after: 1h}}
                """));
    }

    @Test
    void everyCaseBeginsAtItsStartWithEmptyBuckets() throws Exception {
        Results results = bench.run("""
                policy: policy.yaml
                start: 2026-01-05T23:59:59+01:00
                cases:
                  - name: just before midnight
                    steps:
                      - {send: {kind: day, user: alice}, times: 3, expect: {allowed: 2, retry_after: 1}}
                  - name: the same traffic again, two hours before
                    start: 2026-01-05T22:00:00+01:00
                    steps:
                      - {send: {kind: day, user: alice}, times: 3, expect: {allowed: 2, retry_after: 2h}}
                """);

        assertEquals(0, results.failed(), results::toString);
        assertEquals(2, results.cases());
    }

    @Test
    void aSlotIsFreeWhenItsRequestHasEnded() throws Exception {
        assertEquals(List.of(), bench.play("""
                - {send: {kind: stream, user: alice}, as: first, expect: allowed}
                - {send: {kind: stream, user: alice}, as: others, times: 2, expect: {allowed: 1, refused: at-once}}
                - {release: first}
                - {send: {kind: stream, user: alice}, as: third, expect: {allowed: true, remaining: {at-once: 0}}}
                - {settle: others}
                - {settle: third, tokens: 7}
                - {send: {kind: stream, user: alice}, times: 2, expect: allowed}
                - {send: {kind: stream, user: alice}, expect: refused}
                """));
    }

    @Test
    void whatWasUsedTakesThePlaceOfTheEstimate() throws Exception {
        assertEquals(List.of(), bench.play("""
                - {send: {kind: chat, user: alice, max_tokens: 300}, as: first, times: 2, expect: {remaining: {tokens: 400}}}
                - {settle: first, tokens: 120}
                - {send: {kind: chat, user: alice}, hits: 0, expect: {remaining: {tokens: 760}}}
                - {send: {kind: chat, user: alice}, as: second, expect: {remaining: {tokens: 360}}}
                - {release: second}
                - {send: {kind: chat, user: alice}, expect: {refused: tokens}}
                - {send: {kind: chat, user: alice, max_tokens: 360}, as: third, expect: allowed}
                - {settle: third, tokens: 2000}
                - {settle: third, tokens: 0}
                - {send: {kind: chat, user: alice}, hits: 0, expect: {refused: tokens, remaining: {tokens: 0}}}
                """));
    }

    @Test
    void refusalsWithoutALimitAreNamedByTheirReason() throws Exception {
        assertEquals(List.of(), bench.play("""
                - {send: {kind: chat, user: alice, max_tokens: 1001}, expect: {reason: never_fits, refused: tokens, retry_after: never}}
                - {send: {kind: chat, user: alice, max_tokens: many}, expect: {reason: unreadable_max_tokens, retry_after: never}}
                - {send: {other: thing}, expect: {reason: missing_attributes}}
                - {send: {}, expect: {refused: true, reason: missing_attributes}}
                - {send: {kind: other}, expect: allowed}
                - {send: {kind: free}, times: 100, expect: allowed}
                """));
    }

    @Test
    void hitsAndDescriptorsAreThoseOfTheCall() throws Exception {
        assertEquals(List.of(), bench.play("""
                - {send: {kind: window, user: alice}, hits: 15, expect: {remaining: {user-requests: 5}}}
                - {send: [{kind: window, user: alice}, {kind: window, user: bob}], hits: 5, expect: {remaining: {user-requests: 0}}}
                - {send: {kind: window, user: bob}, hits: 0, expect: {remaining: {user-requests: 15}}}
                - {send: {kind: window, user: alice}, hits: -4, expect: {remaining: {user-requests: 4}}}
                """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "refused | expected refused, was allowed (at 2026-01-05T00:00:00Z)",
                "{refused: user-requests} | expected refused by user-requests, was allowed (at 2026-01-05T00:00:00Z)",
                "{tier: user, reason: over_limit} | expected refused in tier user for over_limit, was allowed"
                        + " (at 2026-01-05T00:00:00Z)",
                "{remaining: {user-requests: 18, tokens: 5}} | expected tokens with 5 left, it was not asked;"
                        + " user-requests with 18 left, has 19 (at 2026-01-05T00:00:00Z)"
            })
    void anAllowedRequestThatWasExpectedOtherwiseFails(String expected, String message) throws Exception {
        assertEquals(
                List.of(message), bench.messages("- {send: {kind: window, user: alice}, expect: " + expected + "}\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allowed | expected allowed, was REFUSAL",
                "{refused: daily} | expected refused by daily, was REFUSAL",
                "{tier: team} | expected refused in tier team, was REFUSAL",
                "{reason: never_fits} | expected refused for never_fits, was REFUSAL",
                "{retry_after: 61} | expected retry_after 61s, was 60s (at 2026-01-05T00:00:00Z)",
                "{retry_after: never} | expected retry_after never, was 60s (at 2026-01-05T00:00:00Z)"
            })
    void aRefusalOfAnotherKindFails(String expected, String message) throws Exception {
        String refusal =
                "refused by user-requests for over_limit: The user limit `user-requests` allows 20 requests / 1m;"
                        + " 20 are used. Try again in 60 s. (at 2026-01-05T00:00:00Z)";

        assertEquals(List.of(message.replace("REFUSAL", refusal)), bench.messages("""
                - {send: {kind: window, user: alice}, hits: 20}
                - {send: {kind: window, user: alice}, expect: EXPECTED}
                """.replace("EXPECTED", expected)));
    }

    @Test
    void whatIsLeftAndTheWaitAreThoseOfTheEndOfABurst() throws Exception {
        assertEquals(List.of(), bench.play("""
                - {send: {kind: window, user: alice}, times: 7, expect: {allowed: true, remaining: {user-requests: 13}}}
                - {send: {kind: window, user: bob}, times: 31, every: 1s, expect: {allowed: 20, retry_after: 30s}}
                """));
    }

    @Test
    void aTimeToWaitForCountsFromTheEndOfABurst() throws Exception {
        assertEquals(List.of(), bench.play("""
                - {send: {kind: window, user: alice}, hits: 20}
                - {send: {kind: bucket, user: alice}, times: 31, every: 1s, expect: allowed}
                - {until: 2026-01-05T00:00:59.999Z}
                - {send: {kind: window, user: alice}, expect: {refused: true, retry_after: 1}}
                - {until: 2026-01-05T00:01:00Z}
                - {send: {kind: window, user: alice}, expect: allowed}
                """));
    }

    @Test
    void aFailedBurstTellsWhichSendWasOdd() throws Exception {
        List<Failure> failures = bench.play("""
                - send: {kind: window, user: alice}
                  times: 22
                  every: 1s
                  expect: {allowed: 21, refused: 1}
                - send: {kind: window, user: bob}
                  times: 3
                  expect: {refused: 2}
                - {send: {kind: window, user: bob}, expect: {remaining: {user-requests: 0}}}
                """);

        assertEquals(
                List.of(
                        "expected 21 allowed and 1 refused, 20 were allowed and 2 refused; send 21 was refused by user-requests"
                                + " for over_limit: The user limit `user-requests` allows 20 requests / 1m; 20 are used."
                                + " Try again in 40 s. (at 2026-01-05T00:00:20Z)",
                        "expected 1 allowed and 2 refused, 3 were allowed and 0 refused; send 3 was allowed"
                                + " (at 2026-01-05T00:00:21Z)",
                        "expected user-requests with 0 left, has 16 (at 2026-01-05T00:00:21Z)"),
                failures.stream().map(Failure::message).toList());
        assertEquals(
                folder.resolve("cases.yaml") + ":8:13", failures.get(0).place().toString());
        assertEquals(
                List.of(List.of("user-requests: 20 of 20 used"), List.of("user-requests: 3 of 20 used")),
                failures.stream().limit(2).map(Failure::limits).toList());
    }

    @Test
    void everyRefusalOfABurstMustBeOfTheExpectedKind() throws Exception {
        assertEquals(
                List.of(
                        "expected 1 allowed and 2 refused by tokens for never_fits, was refused by tokens for over_limit"
                                        .replace(", was", ", 1 were allowed and 2 refused; send 2 was")
                                + ": The team limit `tokens` allows 1000 tokens / 1m; 600 are used and this request asks for"
                                + " up to 600 more. Try again in 60 s. (at 2026-01-05T00:00:00Z)"),
                bench.messages("""
                        - send: {kind: chat, user: alice, max_tokens: 600}
                          times: 3
                          expect: {allowed: 1, refused: tokens, reason: never_fits}
                        """));
    }

    @Test
    void whatWasRefusedCannotEnd() throws Exception {
        assertEquals(
                List.of("nothing of `first` can end: it was refused, or no limit on tokens or parallel applies to it"),
                bench.messages("""
                        - {send: {kind: chat, user: alice, max_tokens: 1001}, as: first, expect: refused}
                        - {settle: first, tokens: 5}
                        """));
    }

    @Test
    void timesAreToldInTheOffsetOfTheCase() throws Exception {
        Results results = bench.run("""
                policy: policy.yaml
                cases:
                  - name: it
                    start: 2026-07-01T09:00:00.25+02:00
                    steps: [{wait: 1m}, {send: {kind: window, user: alice}, expect: refused}]
                """);

        assertEquals(
                "expected refused, was allowed (at 2026-07-01T09:01:00.25+02:00)",
                results.files().get(0).cases().get(0).failures().get(0).message());
    }

    @Test
    void limitsThatNothingTestedAreTold() throws Exception {
        Results results = bench.run("""
                policy: policy.yaml
                cases:
                  - name: charged
                    steps: [{send: {kind: bucket, user: alice}, expect: allowed}]
                  - name: refused
                    steps: [{send: {kind: chat, user: alice, max_tokens: 1001}, expect: refused}]
                  - name: only asked
                    steps: [{send: {kind: day, user: alice}, hits: 0, expect: allowed}]
                """);

        assertEquals(
                List.of(new Results.Idle(
                        bench.policy().toString(), "llm", List.of("user-requests", "daily", "at-once"))),
                results.idle());
    }

    @Test
    void aLimitInShadowModeIsExercisedByWhatItCounts() throws Exception {
        Bench shadowed = new Bench(folder, """
                - {name: counted, tier: user, per: [user], allow: 1 requests / 1m, mode: shadow}
                - {name: idle, tier: team, per: [team], allow: 1 requests / 1m, mode: shadow}
                """);

        Results results = shadowed.run("""
                policy: policy.yaml
                cases:
                - {name: it, steps: [{send: {user: alice}, times: 2, expect: allowed}]}
                """);

        assertEquals(List.of(new Results.Idle(shadowed.policy().toString(), "llm", List.of("idle"))), results.idle());
    }

    @Test
    void tenThousandSendsAreOneStep() throws Exception {
        assertEquals(List.of(), bench.play("""
                - {send: {kind: chat, user: alice, max_tokens: 0}, as: all, times: 10000, every: 1ms, expect: allowed}
                - {settle: all, tokens: 0}
                - {send: {kind: chat, user: alice}, hits: 0, expect: {remaining: {tokens: 1000}}}
                """));
    }
}
