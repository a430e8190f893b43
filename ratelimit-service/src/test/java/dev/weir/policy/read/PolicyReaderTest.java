package dev.weir.policy.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Periods;
import dev.weir.config.ConfigException;
import dev.weir.measure.Measure;
import dev.weir.policy.Allowance;
import dev.weir.policy.Condition;
import dev.weir.policy.Domain;
import dev.weir.policy.Estimate;
import dev.weir.policy.Limit;
import dev.weir.policy.Mode;
import dev.weir.policy.Policies;
import dev.weir.policy.Policy;
import dev.weir.policy.Scope;
import dev.weir.policy.Tier;
import dev.weir.policy.Window;
import dev.weir.policy.Wording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R5.1, R5.2: limits of all tiers, in the order of evaluation. */
class PolicyReaderTest {
    private static final String SMALL = """
            domain: %s
            limits:
              - {name: everyone, tier: global, allow: 1k requests / 1s}
            """;

    @TempDir
    Path folder = Path.of("");

    @Test
    void everyFieldOfALimitIsRead() throws Exception {
        Policy policy = PolicyReader.read(write("policy.yaml", """
                domain: llm
                limits:
                  - name: user-tokens
                    tier: user
                    per: [user, model]
                    when: {environment: prod, service: chat}
                    allow: 40k tokens / 5m
                    algorithm: sliding_window
                    estimate: 1k
                """));

        Domain domain = policy.domain("llm");
        assertNotNull(domain);
        assertEquals("llm", domain.name());
        Limit limit = domain.limits().get(0);
        assertEquals(3, limit.source().place().line());
        assertEquals(
                List.of(new Limit(
                        "user-tokens",
                        0,
                        new Tier("user", 3),
                        new Scope(
                                List.of("user", "model"),
                                List.of(Condition.is("environment", "prod"), Condition.is("service", "chat")),
                                new Mode.Enforced(),
                                false),
                        new Allowance(40_000, Measure.TOKENS, new Window.Length("5m", 300_000_000)),
                        new Estimate(1_000, false),
                        new Algorithm.SlidingWindow(40_000, 300_000_000),
                        "w1:{llm}:user-tokens:sliding_window/300000000:user:model",
                        Wording.NONE,
                        limit.source())),
                domain.limits());
    }

    @Test
    void whatNeedNotBeWrittenHasADefault() {
        Limit limit = Policies.domain(SMALL.formatted("llm")).limits().get(0);

        assertEquals(List.of(), limit.per());
        assertEquals(List.of(), limit.when());
        assertEquals(new Mode.Enforced(), limit.scope().mode());
        assertEquals(Wording.NONE, limit.wording());
        assertEquals(Estimate.NONE, limit.estimate());
    }

    @Test
    void everyAlgorithmHasItsFigures() {
        Domain domain = Policies.domain("""
                domain: llm
                time_zone: Europe/Berlin
                limits:
                  - {name: sliding, tier: user, allow: 20 requests / 1m}
                  - {name: full, tier: user, allow: 20 requests / 1m, algorithm: token_bucket}
                  - {name: burst, tier: user, allow: 40k tokens / 1m, algorithm: token_bucket, burst: 60k, charge: after}
                  - {name: fixed, tier: user, allow: 5 requests / 90s, algorithm: fixed_window}
                  - {name: daily, tier: user, allow: 5 requests / 1 day, algorithm: fixed_window}
                  - {name: utc, tier: user, allow: 5 requests / 1d, algorithm: fixed_window}
                """);

        assertEquals(
                List.of(
                        new Algorithm.SlidingWindow(20, 60_000_000),
                        new Algorithm.TokenBucket(1, 3_000_000, 60_000_000, 20),
                        new Algorithm.TokenBucket(1, 1_500, 60_000_000, 60_000),
                        new Algorithm.FixedWindow(5, new Periods.Every(90_000_000)),
                        new Algorithm.FixedWindow(5, new Periods.Calendar(ChronoUnit.DAYS, ZoneId.of("Europe/Berlin"))),
                        new Algorithm.FixedWindow(5, new Periods.Every(86_400_000_000L))),
                domain.limits().stream().map(Limit::algorithm).toList());
        assertEquals(new Estimate(0, true), domain.limits().get(2).estimate());
    }

    @Test
    void limitsStandInTierOrderAndWithinATierAsWritten() {
        Domain domain = Policies.domain("""
                domain: llm
                limits:
                  - {name: g, tier: global, allow: 1 requests / 1s}
                  - {name: t, tier: team, allow: 1 requests / 1s}
                  - {name: u2, tier: user, allow: 1 requests / 1s}
                  - {name: u1, tier: user, allow: 1 requests / 1s}
                  - {name: c, tier: consumer_group, allow: 1 requests / 1s}
                  - {name: k, tier: key, allow: 1 requests / 1s}
                  - {name: i, tier: ip, allow: 1 requests / 1s}
                """);

        assertEquals(
                List.of("0 i", "1 k", "2 c", "3 u2", "4 u1", "5 t", "6 g"),
                domain.limits().stream()
                        .map(limit -> limit.order() + " " + limit.name())
                        .toList());
    }

    @Test
    void aFolderGivesTheDomainsOfItsYamlFiles() throws Exception {
        write("a.yaml", SMALL.formatted("a"));
        write("b.yml", SMALL.formatted("b"));
        write("notes.txt", "not a policy");
        Files.createDirectory(folder.resolve("c.yaml"));

        assertEquals(Set.of("a", "b"), PolicyReader.read(folder).domains().keySet());
    }

    @Test
    void aFolderWithoutPoliciesIsAProblem() throws Exception {
        write("notes.txt", "not a policy");

        assertEquals(List.of(folder + ": holds no *.yaml or *.yml file"), problems(folder));
    }

    @Test
    void aFileThatDoesNotExistIsAProblem() {
        Path none = folder.resolve("none.yaml");

        assertEquals(List.of(none + ": does not exist"), problems(none));
    }

    @Test
    void aFolderLeavesOutHiddenFilesAndCases() throws Exception {
        write("a.yaml", SMALL.formatted("a"));
        write(".b.yaml", "hidden");
        write("a.test.yaml", "cases: []");

        assertEquals(Set.of("a"), PolicyReader.read(folder).domains().keySet());
    }

    @Test
    void theLimitsOfADomainMayStandInSeveralFiles() throws Exception {
        write("a.yaml", "domain: llm\nlimits: [{name: a, tier: team, allow: 1 requests / 1s}]\n");
        write("b.yaml", """
                domain: llm
                time_zone: Europe/Berlin
                limits: [{name: b, tier: user, allow: 1 requests / 1 day, algorithm: fixed_window}]
                """);

        Domain domain = PolicyReader.read(folder).domain("llm");

        assertEquals(
                List.of("b", "a"), domain.limits().stream().map(Limit::name).toList());
        assertEquals(
                "fixed_window/days/Europe/Berlin",
                domain.limits().get(0).algorithm().id());
    }

    @Test
    void twoFilesOfADomainCannotGiveOneNameOrOneSettingTwice() throws Exception {
        Path a = write(
                "a.yaml", "domain: llm\ntime_zone: UTC\nlimits: [{name: a, tier: user, allow: 1 requests / 1s}]\n");
        Path b = write(
                "b.yaml", "domain: llm\ntime_zone: UTC\nlimits: [{name: a, tier: user, allow: 1 requests / 1s}]\n");

        assertEquals(
                List.of(
                        b + ":2:12: `time_zone` of the domain `llm` stands in " + a + " already; keep one of them",
                        b + ":3:10: limit `a` stands at " + a + ":3:10 already; give it a name of its own"),
                problems(folder));
    }

    @Test
    void theVersionFollowsFromTheTextAlone() throws Exception {
        Path a = write("a.yaml", SMALL.formatted("llm"));
        String version = PolicyReader.read(a).version();
        Path same = write("other.yaml", SMALL.formatted("llm"));
        Path different = write("b.yaml", SMALL.formatted("llm") + "# a comment\n");

        assertTrue(version.matches("[0-9a-f]{12}"), version);
        assertEquals(version, PolicyReader.read(same).version());
        assertNotEquals(version, PolicyReader.read(different).version());
        assertEquals(version, PolicyReader.read(a).domain("llm").version());
    }

    @Test
    void theProblemsOfAllFilesAreToldAtOnce() throws Exception {
        Path b = write("b.yaml", "domain: b\nlimits: []\n");
        Path a = write("a.yaml", "domain: [a]\n");

        assertEquals(
                List.of(
                        a + ":1:1: `limits` is missing; add for example `limits: []`",
                        a + ":1:9: expected a text here, found a list",
                        b + ":2:9: a domain without limits would let everything pass; add a limit"),
                problems(folder));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static List<String> problems(Path place) {
        return assertThrows(ConfigException.class, () -> PolicyReader.read(place)).problems().stream()
                .map(problem -> problem.place() + ": " + problem.message())
                .toList();
    }
}
