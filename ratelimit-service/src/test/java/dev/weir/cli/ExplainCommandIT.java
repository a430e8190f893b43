package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import dev.weir.testing.RealRedis;
import dev.weir.testing.TestService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R5.8: exit status 0 where a limit applies, 1 where none does, 2 for wrong use and where nobody can be asked. */
@Timeout(60)
class ExplainCommandIT {
    private static final String POLICY = """
            domain: llm
            limits:
              - {name: user, tier: user, per: [user], allow: 20 requests / 1m}
              - {name: tried, tier: user, per: [user], allow: 10 requests / 1m, mode: shadow}
              - {name: team, tier: team, per: [team], allow: 100 requests / 1m}
            """;

    @TempDir
    Path folder = Path.of("");

    private Path policy = Path.of("");

    @BeforeEach
    void write() throws Exception {
        policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
    }

    @Test
    void aPolicyIsExplainedByItself() {
        Ran ran = Ran.weir("explain", "--policy", policy, "user=alice");

        assertEquals(0, ran.status(), ran.err());
        assertEquals("", ran.err());
        assertEquals(
                List.of(
                        "LIMIT  TIER  ALLOWS             USED  REMAINING  RESET",
                        "user   user  20 requests / 1m                           applies",
                        "tried  user  10 requests / 1m                           applies, in shadow mode",
                        "team   team  100 requests / 1m                          does not apply: `team` is missing",
                        "decided by 1 limit"),
                ran.out().lines().skip(1).toList());
        assertTrue(ran.out().startsWith("domain llm, policy "), ran.out());
    }

    @Test
    void aServiceIsAskedAtItsAdminAddressAndSaysHowFullTheyAre() throws Exception {
        try (TestService weir = TestService.inMemory(policy, null)) {
            String admin = "127.0.0.1:" + weir.adminPort();
            Ran.weir("check", "--grpc", "127.0.0.1:" + weir.grpcPort(), "--hits", 1, "llm", "user=süß & =+%");

            Ran ran = Ran.weir("explain", "--service", admin, "--domain", "llm", "user=süß & =+%");

            assertEquals(0, ran.status(), ran.err());
            List<String> lines = ran.out().lines().toList();
            assertEquals(
                    Ran.weir("explain", "--policy", policy).out().lines().findFirst(),
                    ran.out().lines().findFirst());
            assertEquals("LIMIT  TIER  ALLOWS             USED  REMAINING  RESET", lines.get(1));
            assertTrue(
                    lines.get(2).matches("user   user  20 requests / 1m   1     19         [56]\\d s   applies"),
                    lines.get(2));
            assertEquals(0, Ran.weir("explain", "--service", admin, "user=a").status());
            assertEquals(1, Ran.weir("explain", "--service", admin).status());

            Ran other = Ran.weir("explain", "--service", admin, "--domain", "lm");
            assertEquals(new Ran(2, "", "weir: the policy has no domain `lm`; it has llm\n"), other);
            Ran wrongPort = Ran.weir("explain", "--service", "127.0.0.1:" + weir.grpcPort());
            assertEquals(2, wrongPort.status());
            assertTrue(wrongPort.err().contains("does not speak HTTP/1.1"), wrongPort.err());
        }
    }

    @Test
    void jsonIsTheSameFromBoth() throws Exception {
        try (TestService weir = TestService.inMemory(policy, null)) {
            JsonObject asked =
                    json(Ran.weir("explain", "--json", "--service", "127.0.0.1:" + weir.adminPort(), "team=a"));
            asked.getAsJsonArray("limits")
                    .forEach(limit -> List.of("used", "remaining", "reset").forEach(limit.getAsJsonObject()::remove));

            assertEquals(json(Ran.weir("explain", "--json", "--policy", policy, "team=a")), asked);
        }
    }

    @Test
    void whereNoLimitAppliesItIsOne() {
        assertEquals(
                1, Ran.weir("explain", "--policy", policy, "environment=prod").status());
    }

    @Test
    void ofSeveralDomainsOneMustBeNamed() throws Exception {
        Files.writeString(folder.resolve("b.yaml"), POLICY.replace("domain: llm", "domain: embeddings"));

        assertEquals(
                new Ran(2, "", "weir: the policy has several domains; say with --domain which of embeddings, llm\n"),
                Ran.weir("explain", "--policy", folder, "user=a"));
        assertEquals(
                new Ran(2, "", "weir: unknown domain `lm`; did you mean `llm`? Known here: embeddings, llm\n"),
                Ran.weir("explain", "--policy", folder, "--domain", "lm", "user=a"));
        assertEquals(
                0,
                Ran.weir("explain", "--policy", folder, "--domain", "llm", "user=a")
                        .status());
    }

    @Test
    void aPolicyWithProblemsIsTwo() {
        assertEquals(
                new Ran(2, "", folder.resolve("none.yaml") + ": error file: does not exist\n"),
                Ran.weir("explain", "--policy", folder.resolve("none.yaml"), "user=a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"explain user=a", "explain --policy p.yaml user", "explain --service nowhere user=a"})
    void wrongUseIsTwo(String arguments) {
        Ran ran = Ran.weir((Object[]) arguments.split(" ", -1));

        assertEquals(2, ran.status());
        assertEquals("", ran.out());
    }

    @Test
    void whatBecomesOfTheRequestIsToldLast() throws IOException {
        Path listed = Files.writeString(folder.resolve("listed.yaml"), """
                domain: llm
                limits:
                  - {name: prod, tier: user, per: [user], when: {environment: prod}, allow: 20 requests / 1m}
                  - {name: dev, tier: user, per: [user], when: {environment: dev}, allow: 20 requests / 1m}
                  - {name: watched, tier: global, when: {environment: test}, allow: 20 requests / 1m, mode: shadow}
                """);

        assertEquals("decided by 1 limit", outcome(listed, "user=a", "environment=prod"));
        assertEquals("refused as missing_attributes, for want of environment, user", outcome(listed, "model=x"));
        assertEquals("refused as missing_attributes, for want of user", outcome(listed, "environment=dev"));
        assertEquals(
                "admitted: no limit applies but those in shadow mode", outcome(listed, "user=a", "environment=test"));
        assertEquals(
                "admitted without a limit: add one for everybody, `per: []`, if such requests are to be limited",
                outcome(listed, "user=a", "environment=staging"));
    }

    private static String outcome(Path policy, String... attributes) {
        List<Object> arguments = new ArrayList<>(List.of("explain", "--policy", policy));
        arguments.addAll(List.of(attributes));
        List<String> lines = Ran.weir(arguments.toArray()).out().lines().toList();
        return lines.get(lines.size() - 1);
    }

    @Test
    void nobodyThereIsTwo() {
        Ran ran = Ran.weir("explain", "--service", "127.0.0.1:" + RealRedis.freePort(), "user=a");

        assertEquals(2, ran.status());
        assertTrue(ran.err().startsWith("weir: no service answers at 127.0.0.1:"), ran.err());
        assertTrue(ran.err().contains("; name its admin address"), ran.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "hello", "", "{\"problem\":{}}", "{\"limits\":1}"})
    void somebodyElseThereIsTwo(String answer) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = answer.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        try {
            String address = "127.0.0.1:" + server.getAddress().getPort();
            assertEquals(
                    new Ran(
                            2,
                            "",
                            "weir: what answers at " + address
                                    + " is not Weir's admin address, or is an older version of Weir's\n"),
                    Ran.weir("explain", "--service", address, "user=a"));
        } finally {
            server.stop(0);
        }
    }

    private static JsonObject json(Ran ran) {
        return JsonParser.parseString(ran.out()).getAsJsonObject();
    }
}
