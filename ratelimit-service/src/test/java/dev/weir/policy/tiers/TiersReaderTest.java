package dev.weir.policy.tiers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Periods;
import dev.weir.policy.Answers;
import dev.weir.policy.Deployment;
import dev.weir.policy.Domain;
import dev.weir.policy.Estimate;
import dev.weir.policy.Limit;
import dev.weir.policy.Policies;
import dev.weir.policy.Policy;
import dev.weir.policy.Settings;
import dev.weir.policy.StorePlace;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R5.2, R5.3: what a tiers file says is what its limits do. */
class TiersReaderTest {
    private static final String SMALL = "rate_limits: {per_user: {rpm: 20}}\n";

    @Test
    void theScenarioIsNineLimitsInTheOrderOfEvaluation() {
        Domain domain = Policies.domain(Scenario.text());

        assertEquals("llm", domain.name());
        assertEquals(
                List.of(
                        "0 user [user] user-requests: 20 requests / 1m",
                        "1 user [user] user-tokens: 40000 tokens / 1m",
                        "2 user [user] user-parallel: 5 parallel",
                        "3 team [team] team-requests: 200 requests / 1m",
                        "4 team [team] team-tokens: 500000 tokens / 1m",
                        "5 team [team] team-parallel: 50 parallel",
                        "6 global [] global-requests: 1000 requests / 1m",
                        "7 global [] global-tokens: 2000000 tokens / 1m",
                        "8 global [] global-parallel: 200 parallel"),
                domain.limits().stream().map(TiersReaderTest::told).toList());
        assertEquals(
                List.of(
                        new Algorithm.SlidingWindow(20, 60_000_000),
                        new Algorithm.SlidingWindow(40_000, 60_000_000),
                        new Algorithm.Parallel(5, 60_000_000)),
                domain.limits().stream().limit(3).map(Limit::algorithm).toList());
        assertEquals(
                "w1:{llm}:user-requests:sliding_window/60000000:user",
                limit(domain, 0).bucketPrefix());
        assertEquals(4, limit(domain, 0).source().place().line());
        assertEquals(10, limit(domain, 0).source().place().column());
    }

    @Test
    void theScenarioSaysWhereItsBucketsAreHowLongRecordsAreKeptAndWhichHeaderItTrusts() {
        Policy policy = Policies.of(Scenario.text());

        assertEquals(new Deployment(new StorePlace.Redis("REDIS_URL", "kt:rl:prod:"), 90), policy.deployment());
        assertEquals(
                new Settings(Answers.DEFAULT.withStatus(429), false, List.of(), Map.of("user", "X-User-Id")),
                policy.domain("llm").settings());
        assertEquals(429, policy.domain("llm").settings().answers().status());
    }

    @Test
    void tokensAreHeldAsAThousandUnlessLessIsAllowed() {
        Domain domain = Policies.domain("rate_limits: {per_user: {tpm: 999}, global: {tpm: 1001, rpm: 1}}\n");

        assertEquals(
                List.of(new Estimate(999, false), Estimate.NONE, new Estimate(1_000, false)),
                domain.limits().stream().map(Limit::estimate).toList());
    }

    @Test
    void everySubjectHasItsAttributeAndWhatIsLeftOutIsNotLimited() {
        Domain domain = Policies.domain("""
                rate_limits:
                  global: {rpm: 6}
                  per_team: {max_parallel_requests: 5}
                  per_user: {rpm: 4}
                  per_consumer_group: {tpm: 3}
                  per_key: {rpm: 2}
                  per_ip: {rpm: 1}
                """);

        assertEquals(
                List.of(
                        "0 ip [remote_address] ip-requests: 1 requests / 1m",
                        "1 key [key] key-requests: 2 requests / 1m",
                        "2 consumer_group [consumer_group] consumer_group-tokens: 3 tokens / 1m",
                        "3 user [user] user-requests: 4 requests / 1m",
                        "4 team [team] team-parallel: 5 parallel",
                        "5 global [] global-requests: 6 requests / 1m"),
                domain.limits().stream().map(TiersReaderTest::told).toList());
        assertEquals(
                List.of(0, 1, 2, 3, 4, 5),
                domain.limits().stream().map(limit -> limit.tier().rank()).toList());
        assertEquals(Deployment.UNSAID, Policies.of(SMALL).deployment());
        assertEquals(List.of(), domain.notes());
    }

    @Test
    void aSectionChoosesTheAlgorithmOfItsRates() {
        Domain domain = Policies.domain("""
                rate_limits: {per_user: {rpm: 20, tpm: 600, max_parallel_requests: 1}, per_team: {rpm: 30}, global: {rpm: 40}}
                user_rate_limit: {strategy: token_bucket}
                team_rate_limit: {strategy: fixed_window, window_seconds: 60}
                """);

        assertEquals(
                List.of(
                        new Algorithm.TokenBucket(1, 3_000_000, 60_000_000, 20),
                        new Algorithm.TokenBucket(1, 100_000, 60_000_000, 600),
                        new Algorithm.Parallel(1, 60_000_000),
                        new Algorithm.FixedWindow(30, new Periods.Every(60_000_000)),
                        new Algorithm.SlidingWindow(40, 60_000_000)),
                domain.limits().stream().map(Limit::algorithm).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "30, 10 requests / 30s",
        "90, 30 requests / 90s",
        "3600, 1200 requests / 1h",
        "86400, 28800 requests / 1d"
    })
    void aRateIsPerMinuteWhateverTheWindow(int seconds, String allows) {
        Domain domain = Policies.domain(SMALL + "user_rate_limit: {window_seconds: " + seconds + "}\n");

        assertEquals(allows, limit(domain, 0).allows());
        assertEquals(
                new Algorithm.SlidingWindow(seconds / 3, seconds * 1_000_000L),
                limit(domain, 0).algorithm());
        assertEquals(List.of("scaled-rate: `rpm: 20`, which is per minute, is counted as " + allows), notes(domain));
    }

    @Test
    void theWindowOfTheDistributedSectionHoldsWhereNoOtherIsWritten() {
        String distributed = "distributed_rate_limit: {enabled: %s, redis_url_env: R, window_ms: 30000}\n";

        assertEquals(
                "10 requests / 30s",
                limit(Policies.domain(SMALL + distributed.formatted("true")), 0).allows());
        assertEquals(
                "20 requests / 1m",
                limit(Policies.domain(SMALL + distributed.formatted("false")), 0)
                        .allows());
    }

    @Test
    void bucketsAreInRedisWhereThatIsEnabled() {
        assertEquals(new StorePlace.Redis("MY_REDIS", ""), place("{redis_url_env: MY_REDIS}"));
        assertEquals(
                new StorePlace.Redis("MY_REDIS", "a:"),
                place("{enabled: true, redis_url_env: MY_REDIS, key_prefix: 'a:'}"));
        assertEquals(new StorePlace.Memory(), place("{enabled: false, redis_url_env: MY_REDIS, key_prefix: 'a:'}"));
        assertEquals(new StorePlace.Memory(), place("{enabled: false}"));
    }

    private static StorePlace place(String distributed) {
        return Policies.of(SMALL + "distributed_rate_limit: " + distributed + "\n")
                .deployment()
                .store();
    }

    @Test
    void whatIsNotThereYetIsNamedOnlyWhereItIsAskedFor() {
        assertEquals(
                Set.of(),
                Set.copyOf(notes(Policies.domain(
                        SMALL + "distributed_rate_limit: {redis_url_env: R, local_fallback: false}\n"))));
        assertEquals(
                List.of(
                        "not-yet: replicas do not lend each other room for an interval yet: each request asks Redis,"
                                + " which is exact",
                        "not-yet: counting without Redis while it is away is not there yet: until it is back the calls"
                                + " fail, and Envoy's `failure_mode_deny` says what becomes of the requests"),
                notes(Policies.domain(SMALL + "distributed_rate_limit:"
                        + " {redis_url_env: R, sync_interval_ms: 50, local_fallback: true}\n")));
    }

    @Test
    void aSectionWithoutAmountsHasNoEffectAndItsHeaderIsNotTrusted() {
        Domain domain = Policies.domain("rate_limits: {global: {rpm: 1}}\nuser_rate_limit: {header: X-User}\n");

        assertEquals(Map.of(), domain.settings().headers());
        assertEquals(
                List.of("no-effect: this says how to count what has no limit; add `per_user` to `rate_limits`,"
                        + " or remove `user_rate_limit`"),
                notes(domain));
    }

    @Test
    void aFileMayNameItsDomainAndIgnoreRules() {
        Policy policy = Policies.of("domain: chat\nignore: {scaled-rate: meant}\n" + SMALL);

        assertEquals(Set.of("chat"), policy.domains().keySet());
        assertEquals(
                Map.of("scaled-rate", "meant"), policy.domain("chat").source().ignored());
        assertNull(policy.deployment().refusalDays());
    }

    @Test
    void theVersionFollowsFromTheText() {
        Policy policy = Policies.of(SMALL);

        assertEquals(policy.version(), policy.domain("llm").version());
        assertEquals(Policies.of(SMALL).version(), policy.version());
    }

    private static String told(Limit limit) {
        return limit.order() + " " + limit.tier().word() + " " + limit.per() + " " + limit.name() + ": "
                + limit.allows();
    }

    private static Limit limit(Domain domain, int order) {
        return domain.limits().get(order);
    }

    private static List<String> notes(Domain domain) {
        return domain.notes().stream()
                .map(note -> note.rule().name() + ": " + note.message())
                .toList();
    }
}
