package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.policy.tiers.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R5.3, R5.8: every command takes the scenario's policy as it stands. */
class TiersCommandsTest {
    @TempDir
    Path folder = Path.of("");

    private Path policy = Path.of("");

    @BeforeEach
    void write() throws IOException {
        policy = Scenario.in(folder);
    }

    @Test
    void lintHasNothingButInformationAndNamesWhatIsDoneElsewhereOrLater() {
        Ran ran = Ran.weir("lint", policy);

        assertEquals(0, ran.status(), ran.out());
        assertEquals(
                List.of(
                        "16:11: info trusted-header:",
                        "28:21: info not-yet:",
                        "29:19: info not-yet:",
                        "31:3: info elsewhere:",
                        "39:7: info elsewhere:",
                        "42:23: info elsewhere:"),
                ran.out()
                        .lines()
                        .map(line -> line.replace(policy + ":", "").split("(?<=-(?:header|yet):|elsewhere:) ", 2)[0])
                        .toList());
        assertTrue(ran.out().contains("{descriptor_key: user, header_name: X-User-Id}"), ran.out());
        assertEquals("6 info\n", ran.err());
    }

    @Test
    void theShippedEnvoyConfigurationFits() {
        Ran ran = Ran.weir("lint", policy, "--envoy", "../envoy/envoy.yaml");

        assertEquals(0, ran.status(), ran.out());
        assertEquals(
                List.of("unread-attribute: no limit of domain `llm` reads `key`, `service`, `environment`, `key_type`,"
                        + " `consumer_group`, `model`; fine for refusal records, otherwise remove"),
                ran.out()
                        .lines()
                        .filter(line -> line.contains("envoy.yaml:"))
                        .map(line -> line.split(": info ", 2)[1])
                        .toList());
    }

    @Test
    void aWarningOfLintCanBeIgnored() throws IOException {
        String hourly = "rate_limits: {per_user: {rpm: 20}}\nuser_rate_limit: {window_seconds: 3600}\n";

        assertEquals(1, Ran.weir("lint", write("a.yaml", hourly)).status());
        assertEquals(
                new Ran(0, "", "no problems\n"),
                Ran.weir("lint", write("b.yaml", hourly + "ignore: {no-short-window: meant, scaled-rate: meant}\n")));
    }

    @Test
    void explainNamesTheLimitsThatARequestMeets() {
        Ran ran = Ran.weir("explain", "--policy", policy, "user=alice");

        assertEquals(0, ran.status(), ran.err());
        assertTrue(ran.out().contains("user-requests    user    20 requests / 1m"), ran.out());
        assertTrue(ran.out().contains("does not apply: `team` is missing"), ran.out());
    }

    @Test
    void casesAreAboutItAsAboutAnyOther() throws IOException {
        Path cases = write("tiers.test.yaml", """
                policy: tiers.yaml
                cases:
                  - name: a sixth request at a time waits
                    steps:
                      - {send: {user: alice, team: search}, times: 6, as: chat, expect: {allowed: 5, refused: user-parallel}}
                      - {settle: chat, tokens: 700}
                      - {send: {user: alice, team: search}, expect: {allowed: true, remaining: {user-tokens: 35500}}}
                """);

        assertEquals(0, Ran.weir("test", cases).status());
    }

    @Test
    void serveWantsTheVariableThatThePolicyNames() throws IOException {
        Path named = write("named.yaml", Scenario.text().replace("REDIS_URL", "WEIR_TEST_NOT_SET"));

        Ran ran = Ran.weir("serve", "--policy", named, "--grpc", "127.0.0.1:0", "--admin", "127.0.0.1:0");

        assertEquals(2, ran.status());
        assertTrue(
                ran.err()
                        .contains("weir: the policy has its buckets in the Redis that the environment variable"
                                + " WEIR_TEST_NOT_SET names, and that is not set; set it, or give --redis\n"),
                ran.err());
        assertEquals("", ran.out());
    }

    @Test
    void anAddressInTheVariableThatIsNoneIsNamedByIt() throws IOException {
        Path named = write("named.yaml", Scenario.text().replace("REDIS_URL", "PATH"));

        Ran ran = Ran.weir("serve", "--policy", named, "--grpc", "127.0.0.1:0", "--admin", "127.0.0.1:0");

        assertEquals(2, ran.status());
        assertTrue(ran.err().contains("weir: PATH is not a URL such as redis://HOST:PORT\n"), ran.err());
        assertFalse(ran.err().contains(System.getenv("PATH")), ran.err());
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
