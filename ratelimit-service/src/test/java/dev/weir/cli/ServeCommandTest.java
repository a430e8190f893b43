package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.Weir;
import dev.weir.testing.RealRedis;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** R5.8, R6.1: wrong use is exit status 2, a service that cannot start is 1, and both say why. */
@Timeout(60)
class ServeCommandTest {
    private static final String POLICY = """
            domain: llm
            limits:
              - {name: all, tier: global, allow: 1 requests / 1s}
            """;

    @TempDir
    Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream systemOut = System.out;
    private final PrintStream systemErr = System.err;

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(systemOut);
        System.setErr(systemErr);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "serve --help", "help serve", "--version"})
    void helpIsNoError(String arguments) {
        assertEquals(0, weir(arguments.split(" ", -1)));
        assertTrue(out().contains("weir"), out());
        assertEquals("", err());
    }

    @Test
    void theHelpOfServeNamesItsOptionsAndTheirVariables() {
        assertEquals(0, weir("serve", "--help"));
        for (String word : List.of(
                "--policy", "--keys", "--redis", "--redis-ca", "--grpc", "--admin", "REDIS_URL", "WEIR_POLICY")) {
            assertTrue(out().contains(word), word);
        }
    }

    @Test
    void withoutAPolicyThereIsNothingToServe() {
        assertEquals(2, weir("serve"));
        assertTrue(err().contains("--policy"), err());
    }

    @Test
    void aPolicyThatDoesNotExistIsNamed() {
        Path none = folder.resolve("none.yaml");

        assertEquals(2, serve(none));
        assertEquals(none + ": error file: does not exist\n", err());
    }

    @Test
    void allProblemsOfThePolicyAndTheKeysAreTold() throws IOException {
        Path policy = write("p.yaml", "domain: llm\nlimits:\n  - {name: a b, tier: x, allow: 1 usd}\n");
        Path keys = write("k.yaml", "keys: [{id: a}, {id: b}]\n");

        assertEquals(2, serve(policy, "--keys", keys.toString()));
        assertEquals(5, err().lines().count(), err());
        for (String place :
                List.of(policy + ":3:5: ", policy + ":3:23: ", policy + ":3:33: ", keys + ":1:8: ", keys + ":1:17: ")) {
            assertTrue(err().contains(place), place + " in " + err());
        }
    }

    @Test
    void redisThatCannotBeReachedIsNamedWithoutItsPassword() throws IOException {
        int port = RealRedis.freePort();

        assertEquals(1, serve(write("p.yaml", POLICY), "--redis", "redis://:S3CRET@127.0.0.1:%d".formatted(port)));
        assertTrue(err().contains("weir: Redis cannot be reached: "), err());
        assertTrue(err().contains(Integer.toString(port)), err());
        assertFalse(err().contains("S3CRET"), err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost",
                "localhost:6379",
                "redis://",
                "redis://:S3CRET@local host",
                "redis://:S3 CRET@localhost",
                "redis://:S3CRET%@localhost",
                "redis://:a/S3CRET@localhost",
                "nonsense"
            })
    void aRedisUrlThatIsNoneIsWrongUse(String url) throws IOException {
        assertEquals(2, serve(write("p.yaml", POLICY), "--redis", url));
        assertEquals("weir: --redis is not a URL such as redis://HOST:PORT\n", err());
    }

    @Test
    void aFileAndAnOptionThatBothSayWhereRedisIsAreWrongUse() throws IOException {
        Path url = write("url", "redis://127.0.0.1:1\n");

        assertEquals(
                2,
                serve(write("p.yaml", POLICY), "--redis", "redis://127.0.0.1:1", "--redis-url-file", url.toString()));
        assertTrue(err().contains("weir: --redis and --redis-url-file both say where Redis is; leave one out"), err());
    }

    @Test
    void aFileThatHoldsNoUrlIsNamedAndNotQuoted() throws IOException {
        Path url = write("url", "http://:S3CRET@localhost\n");

        assertEquals(2, serve(write("p.yaml", POLICY), "--redis-url-file", url.toString()));
        assertEquals(url + ": error value: is not a URL such as redis://HOST:PORT\n", err());
    }

    @Test
    void filesForRedisThatCannotBeUsedAreToldTogether() throws IOException {
        Path user = write("user", "\n");
        Path password = write("password", "S3CRET\nS3CRET\n");

        assertEquals(
                2,
                serve(
                        write("p.yaml", POLICY),
                        "--redis",
                        "redis://127.0.0.1:1",
                        "--redis-user-file",
                        user.toString(),
                        "--redis-password-file",
                        password.toString()));
        assertTrue(err().contains(user + ": error file: is empty; it must hold one line and nothing else"), err());
        assertTrue(err().contains(password + ": error file: has several lines"), err());
        assertFalse(err().contains("S3CRET"), err());
    }

    @Test
    void aPasswordNeedsARedisToShowItTo() throws IOException {
        Path password = write("password", "S3CRET\n");

        assertEquals(2, serve(write("p.yaml", POLICY), "--redis-password-file", password.toString()));
        assertEquals("weir: --redis-user-file and --redis-password-file need --redis or --redis-url-file\n", err());
    }

    @Test
    void waitingForRedisEndsWhenItsTimeIsUp() throws IOException {
        assertEquals(
                1,
                serve(
                        write("p.yaml", POLICY),
                        "--redis",
                        "redis://127.0.0.1:%d".formatted(RealRedis.freePort()),
                        "--redis-wait",
                        "1"));
        assertTrue(err().contains("weir: Redis cannot be reached: "), err());
        assertEquals(2, serve(write("p.yaml", POLICY), "--redis-wait", "-1"));
        assertTrue(err().contains("weir: --redis-wait must be at least 0"), err());
    }

    @Test
    void anAuthorityIsOnlyAskedAboutARedisThatIsEncrypted() throws Exception {
        Path policy = write("p.yaml", POLICY);
        X509Bundle authority = new CertificateBuilder()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        String ca = write("ca.pem", authority.getCertificatePEM()).toString();

        assertEquals(2, serve(policy, "--redis-ca", ca));
        assertEquals("weir: --redis-ca needs --redis\n", err());
        err.reset();
        assertEquals(2, serve(policy, "--redis-ca", ca, "--redis", "redis://:S3CRET@127.0.0.1:1"));
        assertEquals("weir: --redis is not encrypted, so no certificate is checked; write rediss://HOST:PORT\n", err());
    }

    @Test
    void aFileOfAuthoritiesThatIsNoneIsNamedBesideTheOtherProblems() throws IOException {
        Path policy = write("p.yaml", "domain: llm\nlimits: 1\n");
        Path ca = write("ca.pem", "nothing\n");

        assertEquals(2, serve(policy, "--redis-ca", ca.toString(), "--redis", "rediss://127.0.0.1:1"));
        assertTrue(err().contains(policy + ":2:9: "), err());
        assertTrue(err().contains(ca + ": error file: must hold certificates"), err());
    }

    @ParameterizedTest
    @CsvSource({"--redis-timeout, 0", "--redis-timeout, -1", "--drain, -1", "--reload, -1"})
    void aTimeThatMeansForEverIsWrongUse(String option, String value) throws IOException {
        assertEquals(2, serve(write("p.yaml", POLICY), option, value));
        assertEquals("weir: --redis-timeout must be at least 1, --drain and --reload at least 0\n", err());
    }

    @ParameterizedTest
    @CsvSource({
        "--grpc-max-streams, 0, --grpc-max-streams and --grpc-max-resets must be at least 1",
        "--grpc-max-resets, 0, --grpc-max-streams and --grpc-max-resets must be at least 1",
        "--grpc-max-idle, -1, --grpc-max-idle at least 0",
        "--grpc-max-age, -1, --grpc-max-age and --grpc-age-grace must be at least 0",
        "--grpc-age-grace, -1, --grpc-max-age and --grpc-age-grace must be at least 0",
        "--grpc-cert, cert.pem, --grpc-cert and --grpc-key belong together",
        "--grpc-key, key.pem, --grpc-cert and --grpc-key belong together",
        "--grpc-client-ca, ca.pem, --grpc-client-ca needs --grpc-cert and --grpc-key"
    })
    void whatNoConnectionCouldBeTakenByIsWrongUse(String option, String value, String message) throws IOException {
        assertEquals(2, serve(write("p.yaml", POLICY), option, value));
        assertTrue(err().contains(message), err());
    }

    @Test
    void certificatesThatCannotBeUsedAreNamedBesideTheOtherProblems() throws IOException {
        Path policy = write("p.yaml", "domain: llm\nlimits: 1\n");
        Path none = folder.resolve("none.pem");

        assertEquals(2, serve(policy, "--grpc-cert", none.toString(), "--grpc-key", none.toString()));
        assertTrue(err().contains(policy + ":2:9: "), err());
        assertTrue(err().contains(none + ": error file: does not exist"), err());
    }

    @Test
    void aUnixSocketNeedsAPathThatTheSystemCanHold() throws IOException {
        assertEquals(2, serve(write("p.yaml", POLICY), "--grpc", "unix:"));
        assertTrue(err().contains("`unix:` is not unix:PATH"), err());
        assertEquals(2, serve(write("p.yaml", POLICY), "--grpc", "unix:/" + "x".repeat(107)));
        assertEquals(2, serve(write("p.yaml", POLICY), "--admin", "unix:/run/weir.sock"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--grpc", "--admin"})
    void anAddressThatIsTakenIsNamed(String option) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();

            assertEquals(1, serve(write("p.yaml", POLICY), option, address));
            assertTrue(err().contains("weir: cannot listen on "), err());
            assertTrue(err().contains(address), err());
        }
    }

    private int serve(Path policy, String... more) {
        List<String> arguments = new ArrayList<>(List.of("serve", "--policy", policy.toString()));
        for (String option : List.of("--grpc", "--admin")) {
            if (!List.of(more).contains(option)) {
                arguments.addAll(List.of(option, "127.0.0.1:0"));
            }
        }
        arguments.addAll(List.of(more));
        return weir(arguments.toArray(String[]::new));
    }

    /** As main does, which would end the JVM. */
    private static int weir(String... arguments) {
        return new CommandLine(Weir.class).execute(arguments);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
