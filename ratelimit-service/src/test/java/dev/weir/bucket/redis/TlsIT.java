package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.StoreUnreachableException;
import dev.weir.testing.RealRedis;
import dev.weir.testing.ServerProgram;
import dev.weir.testing.TestService;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R3.7: a real Redis by TLS, with certificates that are made here. */
class TlsIT {
    private static final Duration PATIENT = Duration.ofSeconds(10);

    @TempDir
    private static Path folder;

    private static X509Bundle authority;
    private static X509Bundle stranger;
    private static ServerProgram redis;

    @BeforeAll
    static void start() throws Exception {
        authority = authority("CN=authority");
        stranger = authority("CN=stranger");
        redis = redisWith(certificate().buildIssuedBy(authority));
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Test
    void aRedisOfTheGivenAuthorityIsTrustedWithUserPasswordAndDatabase() {
        String url = redis.url().replace("rediss://", "rediss://weir:s3cret@") + "/3";
        try (Buckets buckets = RedisBuckets.connect(url, PATIENT, trusted(authority), "")) {
            Charge charge = new Charge("w1:{t}:user", new Algorithm.SlidingWindow(20, 60_000_000), 1, EndAction.KEEP);
            assertInstanceOf(
                    Outcome.Admitted.class,
                    buckets.admit(new Admission(List.of(charge), null, 0))
                            .toCompletableFuture()
                            .join());
        }
    }

    @Test
    void oneOfSeveralAuthoritiesIsEnough() {
        RedisBuckets.connect(redis.url(), PATIENT, List.of(stranger.getCertificate(), authority.getCertificate()), "")
                .close();
    }

    @Test
    void aRedisOfAnotherAuthorityIsRefused() {
        assertEquals("unable to find valid certification path to requested target", refusal(trusted(stranger)));
    }

    @Test
    void withoutAuthoritiesOfOursThoseOfTheJvmCount() {
        assertEquals("unable to find valid certification path to requested target", refusal(List.of()));
    }

    @Test
    void aCertificateForAnotherHostIsRefusedUnlessTheUrlAllowsIt() throws Exception {
        X509Bundle elsewhere = new CertificateBuilder()
                .subject("CN=redis")
                .addSanDnsName("elsewhere.test")
                .buildIssuedBy(authority);
        try (ServerProgram other = redisWith(elsewhere)) {
            assertEquals(
                    "No subject alternative names matching IP address 127.0.0.1 found",
                    refusal(other, trusted(authority)));
            RedisBuckets.connect(other.url() + "?verifyPeer=CA", PATIENT, trusted(authority), "")
                    .close();
        }
    }

    @Test
    void aCertificateThatIsOverIsRefused() throws Exception {
        X509Bundle over = certificate().notAfter(Instant.now().minusSeconds(60)).buildIssuedBy(authority);
        try (ServerProgram other = redisWith(over)) {
            String reason = refusal(other, trusted(authority));
            assertTrue(reason.startsWith("NotAfter: "), reason);
        }
    }

    @Test
    void theServiceTrustsTheFileThatItIsGivenAndDoesNotStartWithAnother() throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), """
                domain: llm
                limits:
                  - {name: all, tier: global, per: [], allow: 1 requests / 1m}
                """);
        Path ours = Files.writeString(folder.resolve("ours.pem"), authority.getCertificatePEM());
        Path theirs = Files.writeString(folder.resolve("theirs.pem"), stranger.getCertificatePEM());

        try (TestService service = TestService.onRedisWithTls(policy, redis.url(), ours)) {
            assertEquals(200, service.page("/readyz").statusCode());
        }
        assertThrows(StoreUnreachableException.class, () -> TestService.onRedisWithTls(policy, redis.url(), theirs));
    }

    private static String refusal(List<X509Certificate> authorities) {
        return refusal(redis, authorities);
    }

    /** What is wrong with the certificate. */
    private static String refusal(ServerProgram server, List<X509Certificate> authorities) {
        StoreUnreachableException e = assertThrows(
                StoreUnreachableException.class, () -> RedisBuckets.connect(server.url(), PATIENT, authorities, ""));
        String[] halves = String.valueOf(e.getMessage()).split(": its certificate is not trusted: ", 2);
        assertEquals(2, halves.length, e.getMessage());
        assertTrue(halves[0].startsWith("Redis cannot be reached: "), halves[0]);
        return halves[1];
    }

    private static List<X509Certificate> trusted(X509Bundle bundle) {
        return List.of(bundle.getCertificate());
    }

    private static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .subject(name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static CertificateBuilder certificate() throws IOException {
        return new CertificateBuilder().subject("CN=redis").addSanIpAddress("127.0.0.1");
    }

    private static ServerProgram redisWith(X509Bundle bundle) throws IOException {
        Path certificates = Files.createTempFile(folder, "redis", ".pem");
        Path key = Files.createTempFile(folder, "redis", ".key");
        return ServerProgram.startWithTls(
                RealRedis.program(),
                Files.writeString(certificates, bundle.getCertificatePathPEM()),
                Files.writeString(key, bundle.getPrivateKeyPEM()));
    }
}
