package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weir.envoy.listen.Connections;
import dev.weir.envoy.listen.ServerTls;
import dev.weir.testing.RealRedis;
import dev.weir.testing.TestService;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R5.8: exit status 0 where there is room, 1 where there is none, 2 for wrong use and where nobody answers. */
@Timeout(60)
class CheckCommandIT {
    private static final String POLICY = """
            domain: llm
            limits:
              - {name: user, tier: user, per: [user], allow: 2 requests / 1h}
              - {name: slots, tier: team, per: [team], allow: 1 parallel}
            """;

    @TempDir
    Path folder = Path.of("");

    private Path policy = Path.of("");

    @BeforeEach
    void write() throws Exception {
        policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
    }

    @Test
    void askingTakesNothingAndHitsTakeWhatTheySay() throws Exception {
        try (TestService weir = TestService.inMemory(policy, null)) {
            String grpc = "127.0.0.1:" + weir.grpcPort();
            for (int i = 0; i < 3; i++) {
                Ran asked = Ran.weir("check", "--grpc", grpc, "llm", "user=alice");
                assertEquals(0, asked.status(), asked.err());
                assertTrue(asked.out().startsWith("allowed\n"), asked.out());
                assertEquals("2", header(asked, "x-ratelimit-remaining"));
            }

            assertEquals(
                    "1",
                    header(
                            Ran.weir("check", "--grpc", grpc, "--hits", 1, "llm", "user=alice"),
                            "x-ratelimit-remaining"));
            assertEquals(
                    "0",
                    header(
                            Ran.weir("check", "--grpc", grpc, "--hits", 1, "llm", "user=alice"),
                            "x-ratelimit-remaining"));

            Ran refused = Ran.weir("check", "--grpc", grpc, "llm", "user=alice");
            assertEquals(1, refused.status());
            assertEquals("", refused.err());
            assertTrue(refused.out().startsWith("refused\n"), refused.out());
            assertFalse(header(refused, "retry-after").isEmpty(), refused.out());
            String body = refused.out()
                    .lines()
                    .filter(line -> line.startsWith("{"))
                    .findFirst()
                    .orElse("");
            assertTrue(JsonParser.parseString(body).getAsJsonObject().has("error"), refused.out());
        }
    }

    @Test
    void jsonHasAllOfTheAnswer() throws Exception {
        try (TestService weir = TestService.inMemory(policy, null)) {
            Ran ran = Ran.weir(
                    "check", "--grpc", "127.0.0.1:" + weir.grpcPort(), "--json", "--hits", 3, "llm", "user=alice");

            assertEquals(1, ran.status());
            JsonObject answer = JsonParser.parseString(ran.out()).getAsJsonObject();
            assertEquals(Set.of("allowed", "headers", "body"), answer.keySet());
            assertFalse(answer.get("allowed").getAsBoolean());
            assertTrue(answer.get("body").getAsString().contains("user"), ran.out());
        }
    }

    @Test
    void aSlotIsNotKept() throws Exception {
        try (TestService weir = TestService.inMemory(policy, null)) {
            for (int i = 0; i < 3; i++) {
                Ran ran = Ran.weir("check", "--grpc", "127.0.0.1:" + weir.grpcPort(), "--hits", 1, "llm", "team=a");
                assertEquals(0, ran.status(), ran.out());
            }
        }
    }

    @Test
    void aServiceIsAskedByTlsWithACertificateOfOurOwn() throws Exception {
        X509Bundle authority = new CertificateBuilder()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle own = new CertificateBuilder()
                .subject("CN=weir")
                .addSanDnsName("localhost")
                .buildIssuedBy(authority);
        Path ca = Files.writeString(folder.resolve("ca.pem"), authority.getCertificatePEM());
        Path certificate = Files.writeString(folder.resolve("cert.pem"), own.getCertificatePathPEM());
        Path key = Files.writeString(folder.resolve("key.pem"), own.getPrivateKeyPEM());
        Connections connections =
                new Connections(Connections.Bounds.DEFAULT, new ServerTls(certificate, key, ca, ""), false);
        try (TestService weir = TestService.inMemory(policy, null, connections)) {
            Object[] check = {"check", "--grpc", "localhost:" + weir.grpcPort(), "llm", "user=alice", "--grpc-ca", ca};
            Ran unknown = Ran.weir(check);
            assertEquals(2, unknown.status(), unknown.out());
            Ran known =
                    Ran.weir(Stream.concat(Stream.of(check), Stream.of("--grpc-cert", certificate, "--grpc-key", key))
                            .toArray());

            assertEquals(0, known.status(), known.err());
            assertEquals("2", header(known, "x-ratelimit-remaining"));
        }
    }

    @Test
    void aCertificateNeedsItsKeyAndAnAuthority() {
        for (Object[] options : new Object[][] {
            {"--grpc-cert", "a"}, {"--grpc-ca", "a", "--grpc-key", "b"}, {"--grpc-cert", "a", "--grpc-key", "b"}
        }) {
            Ran ran = Ran.weir(
                    Stream.concat(Stream.of("check", "llm"), Stream.of(options)).toArray());
            assertEquals(2, ran.status());
            assertEquals("weir: --grpc-cert and --grpc-key belong together, and need --grpc-ca\n", ran.err());
        }
    }

    @Test
    void aServiceIsAskedOverASocketToo() throws Exception {
        Path socket = folder.resolve("weir.sock");
        try (TestService weir = TestService.onSocket(policy, null, socket)) {
            Ran ran = Ran.weir("check", "--grpc", "unix:" + socket, "llm", "user=alice");

            assertEquals(0, ran.status(), ran.err());
            assertEquals("", ran.err());
            assertEquals("2", header(ran, "x-ratelimit-remaining"));
            assertTrue(weir.grpcPort() < 0);
        }
    }

    @Test
    void whatTheServiceCannotAnswerIsTwo() throws Exception {
        try (TestService weir = TestService.inMemory(policy, null)) {
            Ran ran = Ran.weir("check", "--grpc", "127.0.0.1:" + weir.grpcPort(), "lm", "user=alice");

            assertEquals(2, ran.status());
            assertEquals("", ran.out());
            assertTrue(ran.err().contains("the policy has no domain `lm`; it has llm"), ran.err());
        }
    }

    @Test
    void nobodyThereIsTwoAtOnce() {
        long begin = System.nanoTime();
        String address = "127.0.0.1:" + RealRedis.freePort();

        Ran ran = Ran.weir("check", "--grpc", address, "--timeout", 30_000, "llm", "user=alice");
        Ran socket = Ran.weir("check", "--grpc", "unix:" + folder.resolve("none.sock"), "--timeout", 30_000, "llm");

        assertEquals(2, ran.status());
        assertTrue(
                ran.err().startsWith("weir: no service answers at " + address + "; name its gRPC address: "),
                ran.err());
        assertEquals(2, socket.status());
        assertTrue(socket.err().startsWith("weir: no service answers at " + folder.resolve("none.sock")), socket.err());
        assertTrue(System.nanoTime() - begin < 20_000_000_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check",
                "check llm user",
                "check --hits -1 llm user=alice",
                "check --timeout 0 llm user=alice",
                "check --grpc nowhere llm user=alice"
            })
    void wrongUseIsTwo(String arguments) {
        Ran ran = Ran.weir((Object[]) arguments.split(" ", -1));

        assertEquals(2, ran.status());
        assertEquals("", ran.out());
    }

    private static String header(Ran ran, String name) {
        return ran.out()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElse("");
    }
}
