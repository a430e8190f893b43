package dev.weir.policy.tiers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.config.ConfigException;
import dev.weir.policy.read.PolicyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** R5.8: what can be wrong in a tiers file, each with its place and what to do. */
class TiersProblemsTest {
    private static final String REDIS = "distributed_rate_limit: {redis_url_env: R, ";

    @TempDir
    Path folder = Path.of("");

    static Stream<Arguments> linesAndProblems() {
        return Stream.of(
                Arguments.of(
                        "rate_limit: {}",
                        "2:1: error unknown-key: unknown key `rate_limit`; did you mean `rate_limits`? Known here: rate_limits,"
                                + " ip_rate_limit, key_rate_limit, consumer_group_rate_limit, user_rate_limit, team_rate_limit,"
                                + " global_rate_limit, reject_action, distributed_rate_limit, providers, policies, domain, ignore"),
                Arguments.of("domain: [a]", "2:9: error kind: expected a text here, found a list"),
                Arguments.of(
                        "reject_action: return_503",
                        "2:16: error value: unknown reject action `return_503`; did you mean `return_429`? Known here: return_429"),
                Arguments.of(
                        "user_rate_limit: {strategy: sliding_windw}",
                        "2:29: error value: unknown strategy `sliding_windw`; did you mean `sliding_window`? Known here:"
                                + " sliding_window, token_bucket, fixed_window"),
                Arguments.of(
                        "user_rate_limit: {window_seconds: 0}",
                        "2:35: error value: `0` is not a whole number from 1 to 2678400"),
                Arguments.of(
                        "user_rate_limit: {window_seconds: 2678401}",
                        "2:35: error value: `2678401` is not a whole number from 1 to 2678400"),
                Arguments.of(
                        "user_rate_limit: {window_second: 60}",
                        "2:19: error unknown-key: unknown key `window_second`; did you mean `window_seconds`? Known here:"
                                + " strategy, window_seconds, header"),
                Arguments.of(
                        "user_rate_limit: {window_seconds: 1}",
                        "1:31: error tiers: `rpm: 20` cannot be counted exactly in a window of 1s; choose another amount,"
                                + " or `window_seconds: 60`"),
                Arguments.of(
                        "user_rate_limit: {header: X User}",
                        "2:27: error value: `X User` cannot be the name of a header; write for example X-User-Id"),
                Arguments.of(
                        "global_rate_limit: {header: X-All}",
                        "2:21: error unknown-key: unknown key `header`; known here: strategy, window_seconds"),
                Arguments.of(
                        "user_rate_limit: sliding_window",
                        "2:18: error kind: expected `key: value` pairs here, found a text"),
                Arguments.of(
                        "distributed_rate_limit: {enabled: true}",
                        "2:25: error missing-key: `redis_url_env` is missing; add for example `redis_url_env: REDIS_URL`"),
                Arguments.of(
                        "distributed_rate_limit: {enabled: yes, redis_url_env: R}",
                        "2:35: error value: `yes` is neither true nor false"),
                Arguments.of(
                        "distributed_rate_limit: {redis_url_env: 'redis://:S3CRET@h'}",
                        "2:41: error value: this cannot be the name of an environment variable; write for example REDIS_URL,"
                                + " and put the URL into that"),
                Arguments.of(
                        REDIS + "redis_url: 'redis://:S3CRET@h'}",
                        "2:44: error unknown-key: `redis_url` may hold a password, which does not belong here; put it into an"
                                + " environment variable and name that in `redis_url_env`"),
                Arguments.of(
                        REDIS + "key_prefx: a}",
                        "2:44: error unknown-key: unknown key `key_prefx`; did you mean `key_prefix`? Known here: enabled,"
                                + " redis_url_env, key_prefix, window_ms, sync_interval_ms, local_fallback"),
                Arguments.of(
                        REDIS + "key_prefix: 'a{b}'}",
                        "2:56: error value: `a{b}` cannot begin the names of keys; write at most 128 letters, digits and signs,"
                                + " without spaces and braces, for example prod:"),
                Arguments.of(
                        REDIS + "window_ms: 60500}",
                        "2:55: error value: `60500` is no whole number of seconds; write for example 60000"),
                Arguments.of(
                        REDIS + "window_ms: 999}",
                        "2:55: error value: `999` is not a whole number from 1000 to 2678400000"),
                Arguments.of(
                        REDIS + "window_ms: 60000}\nuser_rate_limit: {window_seconds: 30}",
                        "3:35: error tiers: this window has 30 s, and `window_ms` of `distributed_rate_limit` 60 s; make them"
                                + " agree, or remove `window_ms`"),
                Arguments.of(
                        REDIS + "sync_interval_ms: 0}",
                        "2:62: error value: `0` is not a whole number from 1 to 86400000"),
                Arguments.of(REDIS + "local_fallback: 1}", "2:60: error value: `1` is neither true nor false"),
                Arguments.of(
                        "providers: {target: []}",
                        "2:13: error unknown-key: unknown key `target`; did you mean `targets`? Known here: targets"),
                Arguments.of(
                        "providers: {targets: [{id: a, rate_limits: {rpm: 1}}]}",
                        "2:31: error unknown-key: unknown key `rate_limits`; known here: id, provider, model, secret_key_ref"),
                Arguments.of(
                        "providers: {targets: [{secret_key_ref: {env: [A]}}]}",
                        "2:46: error kind: expected a text here, found a list"),
                Arguments.of(
                        "providers: {targets: [{secret_key_ref: {value: S3CRET}}]}",
                        "2:41: error unknown-key: unknown key `value`; known here: env"),
                Arguments.of(
                        "policies: {chain: [audit-loger]}",
                        "2:20: error value: unknown policy `audit-loger`; did you mean `audit-logger`? Known here: audit-logger"),
                Arguments.of(
                        "policies: {policy: {pii-filter: {}}}",
                        "2:21: error unknown-key: unknown key `pii-filter`; known here: audit-logger"),
                Arguments.of(
                        "policies: {policy: {audit-logger: {retention_days: 90d}}}",
                        "2:52: error value: `90d` is not a whole number from 1 to 36500"),
                Arguments.of(
                        "policies: {policy: {audit-logger: {retention: 90}}}",
                        "2:36: error unknown-key: unknown key `retention`; known here: retention_days"));
    }

    @ParameterizedTest
    @MethodSource("linesAndProblems")
    void everyProblemHasItsPlace(String lines, String problem) throws IOException {
        assertEquals(List.of(problem), problems("rate_limits: {per_user: {rpm: 20}}\n" + lines + "\n"));
    }

    static Stream<Arguments> amountsAndProblems() {
        return Stream.of(
                Arguments.of(
                        "{}",
                        "1:14: error tiers: this limits nothing, so everything would pass; add for example"
                                + " `per_user: {rpm: 20}`"),
                Arguments.of("[]", "1:14: error kind: expected `key: value` pairs here, found a list"),
                Arguments.of(
                        "{per_user: {}}",
                        "1:25: error tiers: this limits nothing; add for example `rpm: 20`, or remove it"),
                Arguments.of(
                        "{per_usr: {rpm: 20}}",
                        "1:15: error unknown-key: unknown key `per_usr`; did you mean `per_user`? Known here: per_ip, per_key,"
                                + " per_consumer_group, per_user, per_team, global"),
                Arguments.of(
                        "{global: {rpmm: 20}}",
                        "1:24: error unknown-key: unknown key `rpmm`; did you mean `rpm`? Known here: rpm, tpm,"
                                + " max_parallel_requests"),
                Arguments.of(
                        "{global: {rpm: 0}}",
                        "1:29: error value: `0` is not a whole number from 1 to 9007199254740991"),
                Arguments.of(
                        "{global: {tpm: 40k}}",
                        "1:29: error value: `40k` is not a whole number from 1 to 9007199254740991"),
                Arguments.of(
                        "{global: {tpm: 9007199254740992}}",
                        "1:29: error value: `9007199254740992` is not a whole number from 1 to 9007199254740991"),
                Arguments.of(
                        "{global: {max_parallel_requests: -1}}",
                        "1:47: error value: `-1` is not a whole number from 1 to 9007199254740991"),
                Arguments.of(
                        "{global: {rpm: }}",
                        "1:28: error kind: expected a text here, found nothing; write one, or leave it out"));
    }

    @ParameterizedTest
    @MethodSource("amountsAndProblems")
    void everyProblemOfAnAmountHasItsPlace(String amounts, String problem) throws IOException {
        assertEquals(List.of(problem), problems("rate_limits: " + amounts + "\n"));
    }

    @ParameterizedTest
    @MethodSource("hugeRates")
    void aRateThatIsTooLargeForItsWindowIsRefused(String strategy, String rpm, int seconds) throws IOException {
        List<String> found = problems("rate_limits: {global: {rpm: " + rpm + "}}\n" + "global_rate_limit: {strategy: "
                + strategy + ", window_seconds: " + seconds + "}\n");

        assertEquals(1, found.size(), found::toString);
        assertEquals(
                "1:29: error tiers: `rpm: " + rpm + "` cannot be counted exactly",
                found.get(0).split(" in a ", -1)[0]);
    }

    static Stream<Arguments> hugeRates() {
        return Stream.of(
                Arguments.of("sliding_window", "9007199254740991", 61),
                Arguments.of("sliding_window", "9007199254740991", 2_678_400),
                Arguments.of("token_bucket", "9007199254740991", 60));
    }

    @Test
    void allProblemsAreToldAtOnceAndNoSecret() throws IOException {
        String bad = Scenario.text()
                .replace("rpm: 20\n", "rpm: twenty\n")
                .replace("header: ", "heder: ")
                .replace("redis_url_env: REDIS_URL", "redis_url: redis://:S3CRET@h")
                .replace("env: OPENAI_API_KEY", "value: S3CRET");

        List<String> found = problems(bad);

        assertEquals(5, found.size(), found::toString);
        assertFalse(found.toString().contains("S3CRET"), found::toString);
    }

    @Test
    void aDomainInTwoFilesIsRefused() throws IOException {
        Path tiers = Scenario.in(folder);
        Files.writeString(
                folder.resolve("native.yaml"),
                "domain: llm\nlimits: [{name: a, tier: user, allow: 1 requests / 1s}]\n");

        assertEquals(
                List.of(tiers + ":2:1: error domain: the domain `llm` stands in another file already, and a file with"
                        + " `rate_limits` has a domain to itself; remove one, or add `domain: NAME` here"),
                problemsIn(folder));
    }

    @Test
    void aSecondTiersFileIsRefused() throws IOException {
        Path tiers = Scenario.in(folder);
        Path other = Files.writeString(folder.resolve("z.yaml"), "rate_limits: {global: {rpm: 1}}\ndomain: z\n");

        assertEquals(
                List.of(other + ":1:1: error domain: a policy has one file with `rate_limits`, and " + tiers
                        + " is one; write this one with `limits`"),
                problemsIn(folder));
    }

    @Test
    void aNativeFileThatSaysRateLimitsIsStillANativeFile() throws IOException {
        assertEquals(
                "2:1: error unknown-key: unknown key `rate_limits`",
                problems("domain: llm\nrate_limits: []\nlimits: []\n").get(0).split(";", -1)[0]);
    }

    private List<String> problems(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), yaml);
        return problemsIn(file).stream()
                .map(problem -> problem.replace(file + ":", ""))
                .toList();
    }

    private static List<String> problemsIn(Path place) {
        return assertThrows(ConfigException.class, () -> PolicyReader.read(place)).problems().stream()
                .map(Object::toString)
                .toList();
    }
}
