package dev.weir.policy.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R5.8: an editor marks what the reader refuses, and nothing else. */
class PolicySchemaTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder = Path.of("");

    private final PolicySchema schema = new PolicySchema();

    @Test
    void everyPolicyInTheRepositoryIsAcceptedByBoth() throws Exception {
        Map<String, String> policies = policiesOfTheRepository();

        assertTrue(policies.keySet().stream().anyMatch(name -> name.endsWith("policy.yaml")), policies::toString);
        assertTrue(policies.keySet().stream().anyMatch(name -> name.contains("README.md")), policies::toString);
        for (Map.Entry<String, String> policy : policies.entrySet()) {
            assertTrue(isRead(policy.getValue()), policy::getKey);
            assertEquals(List.of(), schema.errors(policy.getValue()), policy::getKey);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allow: 20 requests / 1m",
                "allow: '  007k   requests/31d  '",
                "allow: 40k tokens / 1m, estimate: 500",
                "allow: 40k tokens / 1m, estimate: 500, bytes_per_token: 3",
                "allow: 40k tokens / 1m, estimate: 500, bytes_per_token: none",
                "allow: 40k tokens / 1m, estimate: 1k, algorithm: token_bucket, burst: 60k",
                "allow: 40k tokens / 1m, estimate: '0', algorithm: token_bucket, burst: 60",
                "allow: 4M tokens / 1 month, algorithm: fixed_window, charge: after",
                "allow: 5 parallel, lease: 30s",
                "allow: 5 parallel, lease: 86400s",
                "allow: 5 parallel, lease: 1440m",
                "allow: 5 parallel, lease: 24h",
                "allow: 0 requests / 1s",
                "allow: 5 parallel, default: true",
                "allow: unlimited tokens",
                "allow: unlimited tokens, estimate: 1k",
                "allow: 1 requests / 1s, per: [], when: {}",
                "allow: 1 requests / 1s, per: [user, 1], when: {user: 20, team: [true, \"a*\"], 7: {not: [1.5, \"*a\"]}}",
                "allow: 1 requests / 1s, when: {model: [\"*\", \"*\"]}",
                "allow: 1 requests / 1s, mode: {enforce: 0.05%, of: team}",
                "allow: 1 requests / 1s, mode: {enforce: 100.00%, of: team}",
                "allow: 1 requests / 1s, default: 'false', mode: shadow",
                "allow: 1 requests / 1s, comment: 20, answer: {}",
                "allow: 1 requests / 1s, answer: {message: \"{comment} {a\", body: '{\"why\": \"{message}\"}', status: '503'}",
                "allow: 1 requests / 1s, ignore: {no-short-window: true}"
            })
    void whatALimitMaySayIsAcceptedByBoth(String fields) throws Exception {
        assertAccepted("domain: 1\nlimits: [{name: 7, tier: user, " + fields + "}]\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "time_zone: Europe/Berlin",
                "time_zone: Z",
                "time_zone: +02:00",
                "time_zone: +2",
                "time_zone: UTC-03:30",
                "answers: {headers: none, errors: anthropic, status: 503}",
                "answers: {}",
                "overload: refuse",
                "overload: allow",
                "admit: true",
                "metrics: [team, 1]",
                "ignore: {only-shadow: trial}",
                "tiers: [agent, user, 7]"
            })
    void whatADomainMaySayIsAcceptedByBoth(String setting) throws Exception {
        assertAccepted(domain(setting));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tier: user, allow: 1 requests / 1s",
                "name: a, allow: 1 requests / 1s",
                "name: a, tier: user",
                "name: -a, tier: user, allow: 1 requests / 1s",
                "name: -1, tier: user, allow: 1 requests / 1s",
                "name: a b, tier: user, allow: 1 requests / 1s",
                "name: '', tier: user, allow: 1 requests / 1s",
                "name: null, tier: user, allow: 1 requests / 1s",
                "name: [a], tier: user, allow: 1 requests / 1s",
                "name: a, tier: usr, allow: 1 requests / 1s",
                "name: a, tier: user, allow: 1 requests / 1s, per: user",
                "name: a, tier: user, allow: 1 requests / 1s, per: [user, user]",
                "name: a, tier: user, allow: 1 requests / 1s, per: [weir.event]",
                "name: a, tier: user, allow: 1 requests / 1s, per: [null]",
                "name: a, tier: user, allow: 1 requests / 1s, when: [team]",
                "name: a, tier: user, allow: 1 requests / 1s, when: {weir.event: settle}",
                "name: a, tier: user, allow: 1 requests / 1s, when: {team: []}",
                "name: a, tier: user, allow: 1 requests / 1s, when: {team: }",
                "name: a, tier: user, allow: 1 requests / 1s, when: {team: [[a]]}",
                "name: a, tier: user, allow: 1 requests / 1s, when: {team: {nto: a}}",
                "name: a, tier: user, allow: 1 requests / 1s, when: {team: {not: a, is: b}}",
                "name: a, tier: user, allow: 1 requests / 1s, when: {team: {not: []}}",
                "name: a, tier: user, allow: 1 requests / 1s, when: {team: {not: \"*\"}}",
                "name: a, tier: user, allow: 1 requests / 1s, when: {team: {not: [a, \"**\"]}}",
                "name: a, tier: user, allow: 20",
                "name: a, tier: user, allow: 20 requests",
                "name: a, tier: user, allow: 20 requests / 1x",
                "name: a, tier: user, allow: 20 requests / 0s",
                "name: a, tier: user, allow: 20 requests / 32d",
                "name: a, tier: user, allow: 20 requests / 2 days",
                "name: a, tier: user, allow: 20 request / 1m",
                "name: a, tier: user, allow: 20 usd / 1 month",
                "name: a, tier: user, allow: 20K requests / 1m",
                "name: a, tier: user, allow: -1 requests / 1m",
                "name: a, tier: user, allow: 1.5k requests / 1m",
                "name: a, tier: user, allow: 5 parallel / 1m",
                "name: a, tier: user, allow: unlimited requests / 1m",
                "name: a, tier: user, allow: 5 parallel, algorithm: sliding_window",
                "name: a, tier: user, allow: 5 parallel, lease: 86401s",
                "name: a, tier: user, allow: 5 parallel, lease: 1441m",
                "name: a, tier: user, allow: 5 parallel, lease: 1 day",
                "name: a, tier: user, allow: unlimited parallel, lease: 1m",
                "name: a, tier: user, allow: 5 requests / 1m, lease: 1m",
                "name: a, tier: user, allow: unlimited requests, algorithm: sliding_window",
                "name: a, tier: user, allow: 1 requests / 1s, algorithm: gcra",
                "name: a, tier: user, allow: 1 requests / 1 day",
                "name: a, tier: user, allow: 1 requests / 1 day, algorithm: token_bucket",
                "name: a, tier: user, allow: 0 requests / 1s, algorithm: token_bucket",
                "name: a, tier: user, allow: 1 requests / 1s, burst: 5",
                "name: a, tier: user, allow: 1 requests / 1s, algorithm: fixed_window, burst: 5",
                "name: a, tier: user, allow: 1 requests / 1s, algorithm: token_bucket, burst: 0",
                "name: a, tier: user, allow: 1 requests / 1s, algorithm: token_bucket, burst: 00k",
                "name: a, tier: user, allow: 1k tokens / 1m",
                "name: a, tier: user, allow: 1k tokens / 1m, estimate: -1",
                "name: a, tier: user, allow: 1k tokens / 1m, estimate: 1.5k",
                "name: a, tier: user, allow: 1k tokens / 1m, estimate: 1, charge: after",
                "name: a, tier: user, allow: 1k tokens / 1m, charge: before",
                "name: a, tier: user, allow: 1k tokens / 1m, estimate: 1, bytes_per_token: 0",
                "name: a, tier: user, allow: 1k tokens / 1m, estimate: 1, bytes_per_token: some",
                "name: a, tier: user, allow: 1k tokens / 1m, charge: after, bytes_per_token: 4",
                "name: a, tier: user, allow: 1 requests / 1s, bytes_per_token: 4",
                "name: a, tier: user, allow: 1 requests / 1s, estimate: 1",
                "name: a, tier: user, allow: 1 requests / 1s, charge: after",
                "name: a, tier: user, allow: 5 parallel, estimate: 1",
                "name: a, tier: user, allow: 1 requests / 1s, mode: shadwo",
                "name: a, tier: user, allow: 1 requests / 1s, mode: [shadow]",
                "name: a, tier: user, allow: 1 requests / 1s, mode: {enforce: 25%}",
                "name: a, tier: user, allow: 1 requests / 1s, mode: {enforce: 25, of: team}",
                "name: a, tier: user, allow: 1 requests / 1s, mode: {enforce: 100.01%, of: team}",
                "name: a, tier: user, allow: 1 requests / 1s, mode: {enforce: 1.234%, of: team}",
                "name: a, tier: user, allow: 1 requests / 1s, mode: {enforce: 1%, of: weir.x}",
                "name: a, tier: user, allow: 1 requests / 1s, mode: {enforce: 1%, of: team, to: b}",
                "name: a, tier: user, allow: 1 requests / 1s, default: maybe",
                "name: a, tier: user, allow: 1 requests / 1s, comment: [a]",
                "name: a, tier: user, allow: 1 requests / 1s, answer: sorry",
                "name: a, tier: user, allow: 1 requests / 1s, answer: {massage: a}",
                "name: a, tier: user, allow: 1 requests / 1s, answer: {status: 200}",
                "name: a, tier: user, allow: 1 requests / 1s, answer: {message: \"a {limt}\"}",
                "name: a, tier: user, allow: 1 requests / 1s, answer: {message: \"{message}\"}",
                "name: a, tier: user, allow: 1 requests / 1s, ignore: [no-short-window]",
                "name: a, tier: user, allow: 1 requests / 1s, ignore: {no-short-window: }",
                "name: a, tier: user, alow: 1 requests / 1s, allow: 1 requests / 1s"
            })
    void whatIsWrongInALimitIsRejectedByBoth(String fields) throws Exception {
        assertRejected("domain: llm\nlimits: [{" + fields + "}]\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "time_zone: Berlin!",
                "time_zone: [UTC]",
                "tiers: []",
                "tiers: user",
                "tiers: [user, user]",
                "tiers: [user, a b]",
                "answers: {headers: servce}",
                "answers: {errors: OpenAI}",
                "answers: {status: 600}",
                "overload: deny",
                "overload: {error: true}",
                "answers: {body: a}",
                "answers: ",
                "admit: yes",
                "metrics: team",
                "metrics: [weir.event]",
                "ignore: {a: [b]}",
                "domains: llm"
            })
    void whatIsWrongInADomainIsRejectedByBoth(String setting) throws Exception {
        assertRejected(domain(setting));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limits: [{name: a, tier: user, allow: 1 parallel}]", "domain: llm", "domain: llm\nlimits: []"})
    void aPolicyWithoutADomainOrLimitsIsRejectedByBoth(String policy) throws Exception {
        assertRejected(policy);
    }

    /** All else the schema finds too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // duplicates: names, values of a condition
                "{name: a, tier: user, allow: 1 requests / 1s}, {name: a, tier: team, allow: 1 requests / 1s}",
                "{name: a, tier: user, allow: 1 requests / 1s, when: {team: [a, a]}}",
                // arithmetic: too large, too long, above the limit, not to be counted exactly
                "{name: a, tier: user, allow: 9007199254740992 requests / 1s}",
                "{name: a, tier: user, allow: 1 requests / 45000m}",
                "{name: a, tier: user, allow: 100 tokens / 1m, estimate: 101}",
                "{name: a, tier: user, allow: 999999937 requests / 31d, algorithm: token_bucket}",
                // numbers that YAML knows and Weir does not
                "{name: a, tier: user, allow: 100 tokens / 1m, estimate: 0x10}"
            })
    void whatOnlyTheReaderFindsInLimits(String limits) throws Exception {
        assertOnlyTheReaderRejects("domain: llm\nlimits: [" + limits + "]\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiers: [agent]", "time_zone: Europe/Berlim", "admit: True"})
    void whatOnlyTheReaderFindsInADomain(String setting) throws Exception {
        assertOnlyTheReaderRejects(domain(setting));
    }

    private static String domain(String setting) {
        return "domain: llm\n" + setting + "\nlimits: [{name: a, tier: user, allow: 1 requests / 1s}]\n";
    }

    private void assertAccepted(String yaml) throws IOException {
        assertTrue(isRead(yaml));
        assertEquals(List.of(), schema.errors(yaml));
    }

    private void assertRejected(String yaml) throws IOException {
        assertFalse(isRead(yaml));
        assertFalse(schema.errors(yaml).isEmpty());
    }

    private void assertOnlyTheReaderRejects(String yaml) throws IOException {
        assertFalse(isRead(yaml));
        assertEquals(List.of(), schema.errors(yaml));
    }

    private boolean isRead(String yaml) throws IOException {
        return PolicySchema.isRead(Files.writeString(folder.resolve("p.yaml"), yaml));
    }

    private static Map<String, String> policiesOfTheRepository() throws IOException {
        Map<String, String> policies = new LinkedHashMap<>();
        try (Stream<Path> shipped = Files.walk(REPOSITORY.resolve("envoy"))) {
            for (Path file : Stream.concat(Stream.of(REPOSITORY.resolve("README.md")), shipped)
                    .toList()) {
                if (file.toString().endsWith(".yaml")) {
                    addPolicy(file.toString(), Files.readString(file), policies);
                } else if (file.toString().endsWith(".md")) {
                    Matcher block = BLOCK.matcher(Files.readString(file));
                    while (block.find()) {
                        addPolicy(file + " at " + block.start(), block.group(1), policies);
                    }
                }
            }
        }
        return policies;
    }

    private static void addPolicy(String name, String text, Map<String, String> policies) {
        if (text.lines().anyMatch(line -> line.startsWith("domain:"))
                && text.lines().anyMatch(line -> line.startsWith("limits:"))) {
            policies.put(name, text);
        }
    }
}
