package dev.weir.envoy.listen;

import static dev.weir.envoy.Calls.descriptor;
import static dev.weir.envoy.Calls.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.ConfigException;
import dev.weir.envoy.Calls;
import dev.weir.testing.Await;
import dev.weir.testing.HttpCaller;
import dev.weir.testing.Provider;
import dev.weir.testing.RealEnvoy;
import dev.weir.testing.Secrets;
import dev.weir.testing.TestService;
import io.grpc.StatusRuntimeException;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** gRPC by TLS, with real handshakes and certificates that change under the service. */
@Timeout(60)
class ServerTlsIT {
    private static final String LOADS = "weir_certificates_loads_total";

    @TempDir
    private Path folder;

    private Path policy;
    private X509Bundle authority;
    private X509Bundle stranger;

    @BeforeEach
    void authorities() throws Exception {
        policy = Files.writeString(folder.resolve("policy.yaml"), """
                domain: llm
                limits:
                  - {name: user-requests, tier: user, per: [user], allow: 2 requests / 1h}
                """);
        authority = authority("CN=authority");
        stranger = authority("CN=stranger");
        write("ca.pem", authority.getCertificatePEM());
        write(ofLocalhost(authority));
    }

    @Test
    void aClientThatSpeaksInTheClearOrTrustsAnotherAuthorityIsNotAnswered() throws Exception {
        try (TestService weir = start(null);
                Calls clear = new Calls(weir.grpcPort())) {
            assertTrue(isTaken(weir, client(authority, null)));
            assertFalse(isTaken(weir, client(stranger, null)));
            assertThrows(StatusRuntimeException.class, () -> clear.ask(request("llm", descriptor("user", "a"))));
        }
    }

    @Test
    void whereClientsMustBeKnownOthersAreNotTaken() throws Exception {
        try (TestService weir = start(folder.resolve("ca.pem"))) {
            assertTrue(isTaken(weir, client(authority, ofClient(authority))));
            assertFalse(isTaken(weir, client(authority, ofClient(stranger))));
            assertFalse(isTaken(weir, client(authority, null)));
        }
    }

    @Test
    void aNewCertificateIsShownToNewConnectionsAndOneThatIsBrokenOrHasEndedToNone() throws Exception {
        try (TestService weir = start(null)) {
            write("cert.pem", "half of a certificate");
            weir.awaitMetric(LOADS + "{outcome=\"refused\"}", 1);
            assertTrue(isTaken(weir, client(authority, null)));

            write(endedYesterday(authority));
            weir.awaitMetric(LOADS + "{outcome=\"refused\"}", 2);
            assertTrue(isTaken(weir, client(authority, null)));

            write(ofLocalhost(stranger));
            Await.until("the new certificate", () -> isTaken(weir, client(stranger, null)));
            assertFalse(isTaken(weir, client(authority, null)));
            assertEquals(1, weir.metric(LOADS + "{outcome=\"loaded\"}"));
        }
    }

    @Test
    void aClientWhoseAuthorityIsNoLongerTrustedCannotResumeAnOldSession() throws Exception {
        try (TestService weir = start(folder.resolve("ca.pem"))) {
            SSLContext old = client(authority, ofClient(authority));
            assertTrue(isTaken(weir, old));
            assertTrue(isTaken(weir, old));
            write("ca.pem", stranger.getCertificatePEM());
            Await.until("the new authority", () -> isTaken(weir, client(authority, ofClient(stranger))));

            assertFalse(isTaken(weir, old));
        }
    }

    /** As in the clear, see {@link LateResetTest}. */
    @Test
    void anAnswerThatWasNotReadIsUndone() throws Exception {
        Files.writeString(policy, """
                domain: llm
                limits:
                  - {name: user-parallel, tier: user, per: [user], allow: 1 parallel, lease: 1d}
                """);
        try (TestService weir = start(null)) {
            SSLSocket socket = (SSLSocket) client(authority, null)
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), weir.grpcPort());
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            try (RawHttp2 client = new RawHttp2(socket)) {
                client.ask(1, request("llm", descriptor("user", "alice")));
                client.reset(1);
                weir.awaitMetric("weir_cancellations_total{domain=\"llm\",when=\"in_time\"}", 1);
            }
        }
    }

    @Test
    void filesThatDoNotBelongTogetherAreToldAtTheStart() throws Exception {
        write("key.pem", ofLocalhost(authority).getPrivateKeyPEM());

        ConfigException refused = assertThrows(ConfigException.class, () -> start(folder.resolve("none.pem")));
        assertEquals(1, refused.problems().size());
        assertTrue(
                refused.getMessage()
                        .contains(
                                folder.resolve("key.pem") + ": error file: is not the key of the first certificate in "
                                        + folder.resolve("cert.pem")),
                refused.getMessage());
    }

    @Test
    void theRealEnvoyIsAnsweredWhenItShowsItsCertificate() throws Exception {
        Path keys = write("keys.yaml", Secrets.register(List.of("alice")));
        X509Bundle envoys = ofClient(authority);
        write("envoy.pem", envoys.getCertificatePathPEM());
        write("envoy-key.pem", envoys.getPrivateKeyPEM());
        String config = RealEnvoy.replaced(
                RealEnvoy.shippedConfig(),
                "  - name: weir\n    type: STATIC\n    connect_timeout: 0.25s\n",
                """
                  - name: weir
                    type: STATIC
                    connect_timeout: 5s
                    transport_socket:
                      name: envoy.transport_sockets.tls
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                        sni: localhost
                        common_tls_context:
                          tls_certificates:
                          - {certificate_chain: {filename: %1$s/envoy.pem}, private_key: {filename: %1$s/envoy-key.pem}}
                          validation_context:
                            trusted_ca: {filename: %1$s/ca.pem}
                            match_typed_subject_alt_names:
                            - {san_type: DNS, matcher: {exact: localhost}}
                """.formatted(folder));
        try (Provider provider = Provider.start();
                TestService weir = TestService.inMemory(policy, keys, encrypted(folder.resolve("ca.pem")));
                RealEnvoy envoy = RealEnvoy.start(folder, config, provider.port(), RealEnvoy.port(weir.grpcPort()))) {
            HttpCaller alice = new HttpCaller(envoy.port(), Secrets.of("alice"));
            assertEquals(200, alice.post("{\"messages\":[]}").statusCode());
            assertEquals(200, alice.post("{\"messages\":[]}").statusCode());
            assertEquals(429, alice.post("{\"messages\":[]}").statusCode());
        }
    }

    private TestService start(@Nullable Path clientAuthorities) throws Exception {
        return TestService.inMemory(policy, null, encrypted(clientAuthorities));
    }

    private Connections encrypted(@Nullable Path clientAuthorities) {
        return new Connections(
                Connections.Bounds.DEFAULT,
                new ServerTls(folder.resolve("cert.pem"), folder.resolve("key.pem"), clientAuthorities, ""),
                false);
    }

    /** Says whether the handshake succeeds and HTTP/2 is spoken then. */
    private static boolean isTaken(TestService weir, SSLContext context) {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", weir.grpcPort())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static SSLContext client(X509Bundle trusted, @Nullable X509Bundle own) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        authorities.setCertificateEntry("authority", trusted.getCertificate());
        trust.init(authorities);
        KeyManagerFactory keys = own == null ? null : own.toKeyManagerFactory();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .subject(name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static X509Bundle ofLocalhost(X509Bundle authority) throws Exception {
        return localhost().buildIssuedBy(authority);
    }

    private static X509Bundle endedYesterday(X509Bundle authority) throws Exception {
        Instant yesterday = Instant.now().minus(1, ChronoUnit.DAYS);
        return localhost()
                .notBefore(yesterday.minus(1, ChronoUnit.DAYS))
                .notAfter(yesterday)
                .buildIssuedBy(authority);
    }

    private static CertificateBuilder localhost() {
        return new CertificateBuilder()
                .subject("CN=weir")
                .addSanDnsName("localhost")
                .addSanIpAddress(InetAddress.getLoopbackAddress().getHostAddress());
    }

    private static X509Bundle ofClient(X509Bundle authority) throws Exception {
        return new CertificateBuilder().subject("CN=envoy").buildIssuedBy(authority);
    }

    private void write(X509Bundle own) throws IOException {
        write("key.pem", own.getPrivateKeyPEM());
        write("cert.pem", own.getCertificatePathPEM());
    }

    private Path write(String name, String text) throws IOException {
        Path fresh = Files.writeString(folder.resolve(name + ".new"), text);
        return Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
