package dev.weir.policy.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.ConfigException;
import dev.weir.policy.Policies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R5.8: every problem with its line and column, all of them at once; nothing is left unenforced in silence. */
class PolicyProblemsTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void allProblemsOfAFileAreToldInOrderOfPlace() {
        assertEquals(
                List.of(
                        "1:1: unknown key `domains`; did you mean `domain`? Known here: domain, time_zone, tiers, answers, admit, overload, metrics, ignore, limits",
                        "2:12: unknown time zone `Europe/Berlim`; write for example Europe/Berlin",
                        "5:5: limit `a b`: a name has letters, digits, dots, dashes and underscores only;"
                                + " it goes into headers and metrics",
                        "6:11: unknown tier `users`; did you mean `user`? Known here: ip, key, consumer_group, user, team, global",
                        "7:10: expected a list here, as in [a, b], found a text",
                        "8:12: `twenty` is not an amount from 0 to 9007199254740991; write for example 20, 40k, 4M or unlimited",
                        "9:5: `tier` is missing; add for example `tier: user`",
                        "9:5: `allow` is missing; add for example `allow: 20 requests / 1m`",
                        "10:11: unknown mode `shadwo`; did you mean `shadow`? Known here: enforce, shadow, or for example"
                                + " {enforce: 25%, of: team}",
                        "11:5: `name` stands here a second time; remove one",
                        "12:5: expected `key: value` pairs here, found a text"),
                problems("""
                        domains: llm
                        time_zone: Europe/Berlim
                        domain: llm
                        limits:
                          - name: a b
                            tier: users
                            per: user
                            allow: twenty requests / 1m
                          - name: b
                            mode: shadwo
                            name: c
                          - everything
                        """));
    }

    @Test
    void aMissingDomainHidesNoProblemOfItsLimits() {
        assertEquals(
                List.of(
                        "1:1: `domain` is missing; add for example `domain: llm`",
                        "2:11: unknown tier `users`; did you mean `user`? Known here: ip, key, consumer_group, user, team, global"),
                problems("""
                        limits:
                          - tier: users
                            name: a
                            allow: 1 requests / 1s
                        """));
    }

    @Test
    void aDomainWithoutLimitsIsAProblem() {
        assertEquals(List.of("1:1: `limits` is missing; add for example `limits: []`"), problems("domain: llm\n"));
        assertEquals(
                List.of("2:9: a domain without limits would let everything pass; add a limit"),
                problems("domain: llm\nlimits: []\n"));
        assertEquals(
                List.of("2:9: expected a list here, as in [a, b], found `key: value` pairs"),
                problems("domain: llm\nlimits: {a: b}\n"));
    }

    @Test
    void anUnknownKeyIsNotSkipped() {
        assertEquals(
                List.of(
                        "3:6: unknown key `nmae`; did you mean `name`? Known here: name, tier, per, when, allow, algorithm, burst,"
                                + " lease, estimate, bytes_per_token, charge, mode, default, comment, answer, ignore"),
                problemsOfLimit("nmae: a, name: a, tier: user, allow: 1 requests / 1s"));
    }

    @Test
    void onlySlotsAreLeasedAndForATimeThatMakesSense() {
        assertEquals(
                List.of("3:13: only parallel limits have slots to lease; remove `lease`"),
                problemsOfLimit("lease: 1m, name: a, tier: user, allow: 1 requests / 1s"));
        for (String lease : List.of("0s", "25h", "1 day", "60", "forever")) {
            assertEquals(
                    List.of("3:13: `" + lease + "` is not a time from 1s to 1d; write for example `lease: 1m`"),
                    problemsOfLimit("lease: " + lease + ", name: a, tier: user, allow: 1 parallel"));
        }
    }

    @Test
    void whatAnAlgorithmCannotDoIsAProblem() {
        assertEquals(
                List.of("3:17: `unlimited` is not an algorithm; write `allow: unlimited requests`"),
                problemsOfLimit("algorithm: unlimited, name: a, tier: user, allow: 1 requests / 1s"));
        assertEquals(
                List.of("3:13: a burst belongs to token_bucket; add `algorithm: token_bucket` or remove it"),
                problemsOfLimit("burst: 60k, name: a, tier: user, allow: 1 requests / 1s"));
        assertEquals(
                List.of(
                        "3:13: a token bucket into which nothing flows stays empty; allow at least 1, or use sliding_window"),
                problemsOfLimit("allow: 0 requests / 1s, algorithm: token_bucket, name: a, tier: user"));
        assertEquals(
                List.of("3:13: `0` is not a burst of at least 1; write for example 60k"),
                problemsOfLimit("burst: 0, algorithm: token_bucket, name: a, tier: user, allow: 1 requests / 1s"));
        assertEquals(
                List.of("3:13: this amount, window and burst together are too large to be counted exactly;"
                        + " choose a rounder amount, a shorter window or a smaller burst"),
                problemsOfLimit("allow: 999999937 requests / 31d, algorithm: token_bucket, name: a, tier: user"));
    }

    @Test
    void whatIsChargedAfterwardsHasNoEstimateAndCountsTokens() {
        assertEquals(
                List.of("3:54: with `charge: after` nothing is held; remove the estimate"),
                problemsOfLimit("allow: 1k tokens / 1m, charge: after, estimate: 1, name: a, tier: user"));
        assertEquals(
                List.of("3:39: only tokens can be charged after the request; remove it"),
                problemsOfLimit("allow: 1k requests / 1m, charge: after, name: a, tier: user"));
        assertEquals(
                List.of("3:37: `before` is no way to charge; write `after`, or remove it to hold an estimate"),
                problemsOfLimit("allow: 1k tokens / 1m, charge: before, estimate: 1, name: a, tier: user"));
    }

    @Test
    void anUnknownAlgorithmIsAProblem() {
        assertEquals(
                List.of("3:17: unknown algorithm `gcra`; use one of sliding_window, token_bucket, fixed_window"),
                problemsOfLimit("algorithm: gcra, name: a, tier: user, allow: 1 requests / 1s"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A-z_0.9", "9"})
    void aNameMayHaveLettersDigitsDotsDashesAndUnderscores(String name) {
        assertEquals(
                name,
                Policies.domain(limit("tier: user, allow: 1 requests / 1s, name: " + name))
                        .limits()
                        .get(0)
                        .name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-a", "a b", "a/b", "ü", "'a\"b'", ".", "\"a\\nb\""})
    void aNameThatCannotGoIntoAHeaderIsAProblem(String name) {
        List<String> problems = problemsOfLimit("tier: user, allow: 1 requests / 1s, name: " + name);

        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.get(0).contains("it goes into headers and metrics"), problems.get(0));
    }

    @Test
    void aNameThatStandsTwiceIsAProblem() {
        assertEquals(
                List.of("4:5: limit `a` stands at " + folder.resolve("p.yaml")
                        + ":3:5 already; give it a name of its own"),
                problems("""
                        domain: llm
                        limits:
                          - {name: a, tier: user, allow: 1 requests / 1s}
                          - {name: a, tier: team, allow: 1 requests / 1s}
                        """));
    }

    @Test
    void everyReservedAttributeIsAProblem() {
        String advice = "names that start with `weir.` steer Weir and cannot be limited; choose another attribute";

        assertEquals(
                List.of("3:12: `weir.a`: " + advice, "3:20: `weir.b`: " + advice),
                problemsOfLimit("per: [weir.a, weir.b], name: a, tier: user, allow: 1 requests / 1s"));
        assertEquals(
                List.of("3:12: `weir.a`: " + advice, "3:12: `weir.b`: " + advice),
                problemsOfLimit("when: {weir.a: x, weir.b: y}, name: a, tier: user, allow: 1 requests / 1s"));
    }

    @Test
    void anAttributeThatStandsTwiceInPerIsAProblem() {
        assertEquals(
                List.of("3:18: `user` stands in this list already; remove one"),
                problemsOfLimit("per: [user, user], name: a, tier: user, allow: 1 requests / 1s"));
    }

    @Test
    void aListInPlaceOfConditionsIsAProblem() {
        assertEquals(
                List.of("3:12: expected `key: value` pairs here, found a list"),
                problemsOfLimit("when: [environment], name: a, tier: user, allow: 1 requests / 1s"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x | 3:16: `x` is not an amount; write for example 500, 1k or 4M",
                "-1 | 3:16: `-1` is not an amount; write for example 500, 1k or 4M",
                "1.5k | 3:16: `1.5k` is not an amount; write for example 500, 1k or 4M",
                "101 | 3:16: an estimate above the limit refuses every request without `max_tokens`;"
                        + " lower it to at most 100",
                "[1] | 3:16: expected a text here, found a list"
            })
    void anEstimateThatCannotBeHeldIsAProblem(String estimate, String problem) {
        assertEquals(
                List.of(problem),
                problemsOfLimit("estimate: " + estimate + ", name: a, tier: user, allow: 100 tokens / 1m"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "100, 100", "1k, 1000"})
    void anEstimateUpToTheLimitIsTaken(String estimate, long tokens) {
        assertEquals(
                tokens,
                Policies.domain(limit("name: a, tier: user, allow: 1k tokens / 1m, estimate: " + estimate))
                        .limits()
                        .get(0)
                        .estimate()
                        .amount());
    }

    @ParameterizedTest
    @CsvSource({"4, 4", "3, 3", "1k, 1000", "none, 0"})
    void thePromptIsMeasuredAsTheLimitSays(String bytes, long perToken) {
        String limit = "name: a, tier: user, allow: 1k tokens / 1m, estimate: 1, bytes_per_token: " + bytes;
        assertEquals(
                perToken,
                Policies.domain(limit(limit)).limits().get(0).estimate().bytesPerToken());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "2.5", "some"})
    void whatIsNoNumberOfBytesIsAProblem(String bytes) {
        assertEquals(
                List.of("3:23: `" + bytes
                        + "` is no number of bytes; write for example 4, or `none` where prompts are not to be held"),
                problemsOfLimit(
                        "bytes_per_token: " + bytes + ", name: a, tier: user, allow: 100 tokens / 1m, estimate: 1"));
    }

    @Test
    void whatHoldsNothingMeasuresNoPrompt() {
        assertEquals(
                List.of("3:23: `bytes_per_token` belongs to limits on tokens; remove it"),
                problemsOfLimit("bytes_per_token: 4, name: a, tier: user, allow: 100 requests / 1m"));
        assertEquals(
                List.of("3:23: with `charge: after` nothing is held; remove `bytes_per_token`"),
                problemsOfLimit("bytes_per_token: 4, name: a, tier: user, allow: 100 tokens / 1m, charge: after"));
    }

    @Test
    void aLimitOnTokensNeedsAnEstimate() {
        assertEquals(
                List.of("3:5: a limit on tokens needs an estimate for requests without `max_tokens`;"
                        + " add for example `estimate: 1k`, or `charge: after`"),
                problemsOfLimit("name: a, tier: user, allow: 100 tokens / 1m"));
    }

    @Test
    void aLimitOnRequestsHasNoEstimate() {
        assertEquals(
                List.of("3:16: an estimate belongs to limits on tokens; remove it"),
                problemsOfLimit("estimate: 1, name: a, tier: user, allow: 100 requests / 1m"));
    }

    /** A file with one limit, whose first key stands at 3:6. */
    private static String limit(String fields) {
        return "domain: llm\nlimits:\n  - {" + fields + "}\n";
    }

    @Test
    void theNameOfLimitsThatDescriptorsBringIsTaken() {
        assertEquals(
                List.of(
                        "3:5: `override` is what limits of descriptors are called in answers and metrics; choose another name"),
                problemsOfLimit("name: override, tier: user, allow: 1 requests / 1s"));
    }

    private List<String> problemsOfLimit(String fields) {
        return problems(limit(fields));
    }

    private List<String> problems(String yaml) {
        try {
            Path file = Files.writeString(folder.resolve("p.yaml"), yaml);
            return assertThrows(ConfigException.class, () -> PolicyReader.read(file)).problems().stream()
                    .map(problem ->
                            problem.place().line() + ":" + problem.place().column() + ": " + problem.message())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
