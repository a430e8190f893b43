package dev.weir.envoy.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.RefusalReason;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Policies;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R5.7: callers see how much is left, in the headers that everybody knows and in those of the IETF's draft. */
class RateHeadersTest {
    private static final BucketStatus HALF = new BucketStatus(10, 31_000_000, 0);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "20 requests / 1m | \"a\";q=20;w=60",
                "40k tokens / 1m, estimate: 1 | \"a\";q=40000;qu=\"tokens\";w=60",
                "20 parallel | \"a\";q=20;qu=\"concurrent-requests\"",
                "15 requests / 1s, algorithm: token_bucket, burst: 20 | \"a\";q=15;w=1;weir-burst=20",
                "20 requests / 1s, algorithm: token_bucket | \"a\";q=20;w=1",
                "20 requests / 1 day, algorithm: fixed_window | \"a\";q=20;w=86400",
                "20 requests / 1 week, algorithm: fixed_window | \"a\";q=20;w=604800",
                "20 requests / 1 month, algorithm: fixed_window | \"a\";q=20",
                "9007199254740991 requests / 1h | \"a\";q=999999999999999;w=3600"
            })
    void aPolicySaysTheAmountTheUnitAndTheWindow(String allow, String item) {
        LimitStatus standing = new LimitStatus(
                limits("{name: a, tier: user, allow: %s}".formatted(allow)).get(0), 0, 1, HALF);

        assertTrue(ofAllowed(List.of(standing)).contains("ratelimit-policy: " + item));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "20 requests / 1m | \"a\";r=10;t=31",
                "20 parallel | \"a\";r=10",
                "9007199254740991 requests / 1h | \"a\";r=999999999999999;t=31"
            })
    void whatIsLeftHasATimeWhereThereIsAWindow(String allow, String item) {
        LimitStatus standing = new LimitStatus(
                limits("{name: a, tier: user, allow: %s}".formatted(allow)).get(0), 0, 1, HALF);

        assertTrue(ofAllowed(List.of(standing)).contains("ratelimit: " + item));
    }

    @Test
    void aRefusalTellsOfTheLimitThatRefusedAndOfNoLongerWindowThanRetryAfter() {
        List<LimitStatus> standings = standings(2, 1);
        LimitStatus by = new LimitStatus(standings.get(0).limit(), 0, 1, new BucketStatus(20, 59_000_001, 2_500_000));

        assertEquals(
                List.of(
                        "x-ratelimit-limit: 20",
                        "x-ratelimit-remaining: 0",
                        "x-ratelimit-reset: 60",
                        "ratelimit-policy: \"l0\";q=20;w=60, \"l1\";q=20;w=60",
                        "ratelimit: \"l0\";r=0;t=3"),
                ofRefused(by, List.of(by, standings.get(1)), 2_500_000));
    }

    @Test
    void whatRunsInParallelGivesNoReset() {
        LimitStatus parallel = new LimitStatus(
                limits("{name: p, tier: user, allow: 20 parallel}").get(0),
                0,
                1,
                new BucketStatus(19, 3_600_000_000L, 0));

        assertEquals(
                List.of(
                        "x-ratelimit-limit: 20",
                        "x-ratelimit-remaining: 1",
                        "ratelimit-policy: \"p\";q=20;qu=\"concurrent-requests\"",
                        "ratelimit: \"p\";r=1"),
                ofAllowed(List.of(parallel)));
    }

    @Test
    void besideWhatRunsInParallelALimitWithAWindowSpeaks() {
        List<Limit> both =
                limits("{name: p, tier: user, allow: 20 parallel}, {name: w, tier: team, allow: 20 requests / 1m}");
        LimitStatus parallel = new LimitStatus(both.get(0), 0, 1, new BucketStatus(19, 3_600_000_000L, 0));
        LimitStatus minute = new LimitStatus(both.get(1), 0, 1, HALF);

        assertTrue(ofAllowed(List.of(parallel, minute)).contains("ratelimit: \"w\";r=10;t=31"));
    }

    @Test
    void whereWaitingDoesNotHelpTheWindowLastsUntilNothingCounts() {
        LimitStatus by = new LimitStatus(
                standings(1, 0).get(0).limit(), 0, 21, new BucketStatus(4, 59_000_001, BucketStatus.NEVER));

        assertEquals(
                "ratelimit: \"l0\";r=16;t=60",
                ofRefused(by, List.of(by), BucketStatus.NEVER).get(4));
    }

    @Test
    void policiesStandInTierOrderWhicheverIsTheTightest() {
        assertEquals(
                "ratelimit-policy: \"l0\";q=20;w=60, \"l1\";q=20;w=60, \"l2\";q=20;w=60",
                ofAllowed(standings(3, 1)).get(3));
        assertEquals("ratelimit: \"l1\";r=1;t=31", ofAllowed(standings(3, 1)).get(4));
    }

    @Test
    void ofManyPoliciesEightAreNamedAndTheTightestAmongThem() {
        assertEquals(names(0, 1, 2, 3, 4, 5, 6, 7), policiesOf(standings(12, 3)));
        assertEquals(names(0, 1, 2, 3, 4, 5, 6, 7), policiesOf(standings(12, 7)));
        assertEquals(names(0, 1, 2, 3, 4, 5, 6, 11), policiesOf(standings(12, 11)));
    }

    @Test
    void aLimitThatSeveralDescriptorsReachIsOnePolicy() {
        Limit limit = standings(1, 0).get(0).limit();

        assertEquals(
                "ratelimit-policy: \"l0\";q=20;w=60",
                ofAllowed(List.of(new LimitStatus(limit, 0, 1, HALF), new LimitStatus(limit, 1, 1, HALF)))
                        .get(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"envoy", "none"})
    void aDomainMayLeaveThemToEnvoyOrOut(String headers) {
        Domain domain = domain("headers: " + headers, "{name: l0, tier: user, allow: 20 requests / 1m}");
        LimitStatus by = new LimitStatus(domain.limits().get(0), 0, 1, new BucketStatus(20, 1, 1));

        assertEquals(List.of(), ofAllowed(domain, List.of(by)));
        assertEquals(List.of(), ofRefused(domain, by, List.of(by), 1));
    }

    @Test
    void whereNoLimitWasAskedThereIsNothingToTell() {
        assertEquals(List.of(), ofAllowed(List.of()));
        assertEquals(List.of(), ofRefused(null, List.of(), BucketStatus.NEVER));
    }

    private static String policiesOf(List<LimitStatus> standings) {
        return ofAllowed(standings).get(3).replaceAll(";[^,]*|ratelimit-policy: ", "");
    }

    private static String names(int... numbers) {
        return String.join(
                ", ", IntStream.of(numbers).mapToObj("\"l%d\""::formatted).toList());
    }

    /** @param tightest the number of the one of which the least is left */
    private static List<LimitStatus> standings(int count, int tightest) {
        String limits = String.join(
                ", ",
                IntStream.range(0, count)
                        .mapToObj("{name: l%d, tier: user, allow: 20 requests / 1m}"::formatted)
                        .toList());
        List<LimitStatus> standings = new ArrayList<>();
        for (Limit limit : limits(limits)) {
            BucketStatus level = standings.size() == tightest ? new BucketStatus(19, 31_000_000, 0) : HALF;
            standings.add(new LimitStatus(limit, 0, 1, level));
        }
        return standings;
    }

    private static List<Limit> limits(String yaml) {
        return domain("headers: service", yaml).limits();
    }

    private static Domain domain(String answers, String limits) {
        return Policies.domain("domain: llm\nanswers: {%s}\nlimits: [%s]\n".formatted(answers, limits));
    }

    private static List<String> ofAllowed(List<LimitStatus> standings) {
        return ofAllowed(new Domain("llm", List.of()), standings);
    }

    private static List<String> ofAllowed(Domain domain, List<LimitStatus> standings) {
        List<String> headers = new ArrayList<>();
        RateHeaders.add(
                new Decision.Allowed(domain, standings, List.of(), null, 0),
                header -> headers.add(header.getKey() + ": " + header.getValue()));
        return headers;
    }

    private static List<String> ofRefused(LimitStatus by, List<LimitStatus> standings, long retryMicros) {
        return ofRefused(new Domain("llm", List.of()), by, standings, retryMicros);
    }

    private static List<String> ofRefused(
            Domain domain, LimitStatus by, List<LimitStatus> standings, long retryMicros) {
        List<String> headers = new ArrayList<>();
        RateHeaders.add(
                new Decision.Refused(domain, RefusalReason.OVER_LIMIT, by, standings, List.of(), retryMicros, "No."),
                header -> headers.add(header.getKey() + ": " + header.getValue()));
        return headers;
    }
}
