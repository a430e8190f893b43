package dev.weir.xds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.ConfigException;
import dev.weir.policy.DescriptorSettings;
import dev.weir.policy.Policy;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A management server by TLS, with certificates that are made here. */
class XdsTlsIT {
    @TempDir
    private static Path folder;

    private static X509Bundle authority;
    private static X509Bundle stranger;

    private final List<Policy> policies = new CopyOnWriteArrayList<>();
    private final ManualLater later = new ManualLater();

    @BeforeAll
    static void authorities() throws Exception {
        authority = authority("CN=authority");
        stranger = authority("CN=stranger");
    }

    @Test
    void aServerOfTheGivenAuthorityIsTrusted() throws Exception {
        try (ManagementServer server = server(onThisHost(), ClientAuth.NONE)) {
            assertAnswered(server, new XdsSettings.Tls(file(authority), null, null, null));
        }
    }

    @Test
    void aServerOfAnotherAuthorityOrOfNoneThatIsKnownIsNot() throws Exception {
        try (ManagementServer server = server(onThisHost(), ClientAuth.NONE)) {
            assertNotAsked(server, new XdsSettings.Tls(file(stranger), null, null, null));
            assertNotAsked(server, new XdsSettings.Tls(null, null, null, null));
        }
    }

    @Test
    void theCertificateHasToBearTheHostOrTheNameThatIsGiven() throws Exception {
        X509Bundle elsewhere = new CertificateBuilder()
                .subject("CN=gateway")
                .addSanDnsName("envoy-gateway.test")
                .buildIssuedBy(authority);
        try (ManagementServer server = server(elsewhere, ClientAuth.NONE)) {
            assertNotAsked(server, new XdsSettings.Tls(file(authority), null, null, null));
            assertNotAsked(server, new XdsSettings.Tls(file(authority), null, null, "other.test"));
            assertAnswered(server, new XdsSettings.Tls(file(authority), null, null, "envoy-gateway.test"));
        }
    }

    @Test
    void aServerThatWantsToKnowItsClientsIsShownACertificate() throws Exception {
        X509Bundle own = new CertificateBuilder().subject("CN=weir").buildIssuedBy(authority);
        X509Bundle foreign = new CertificateBuilder().subject("CN=weir").buildIssuedBy(stranger);
        try (ManagementServer server = server(onThisHost(), ClientAuth.REQUIRE)) {
            assertAnswered(server, new XdsSettings.Tls(file(authority), file(own), key(own), null));
            assertNotAsked(server, new XdsSettings.Tls(file(authority), file(foreign), key(foreign), null));
            assertNotAsked(server, new XdsSettings.Tls(file(authority), null, null, null));
        }
    }

    @Test
    void newCertificatesAreUsedFromTheNextStreamOnAndBrokenOnesEndNothing() throws Exception {
        X509Bundle foreign = new CertificateBuilder().subject("CN=weir").buildIssuedBy(stranger);
        X509Bundle own = new CertificateBuilder().subject("CN=weir").buildIssuedBy(authority);
        Path certificates = file(foreign);
        Path key = key(foreign);
        try (ManagementServer server = server(onThisHost(), ClientAuth.REQUIRE);
                XdsClient client = client(server, new XdsSettings.Tls(file(authority), certificates, key, null))) {
            client.start();
            Files.writeString(key, "half of a k");
            later.runNext();
            Files.writeString(key, own.getPrivateKeyPEM());
            Files.writeString(certificates, own.getCertificatePathPEM());
            later.runNext();
            server.stream().request();
        }
    }

    @Test
    void filesThatCannotBeReadAreToldAtTheStart() throws Exception {
        Path none = folder.resolve("none.pem");
        X509Bundle own = new CertificateBuilder().subject("CN=weir").buildIssuedBy(authority);
        try (ManagementServer server = server(onThisHost(), ClientAuth.NONE)) {
            assertRefused(none + ": error file: does not exist", server, new XdsSettings.Tls(none, null, null, null));
            assertRefused(
                    none + ": error file: does not exist", server, new XdsSettings.Tls(null, none, key(own), null));
            assertRefused(
                    none + ": error file: does not exist", server, new XdsSettings.Tls(null, file(own), none, null));
        }
    }

    private void assertRefused(String message, ManagementServer server, XdsSettings.Tls tls) {
        try (XdsClient client = client(server, tls)) {
            assertEquals(
                    message, assertThrows(ConfigException.class, client::start).getMessage());
        }
    }

    private void assertAnswered(ManagementServer server, XdsSettings.Tls tls) throws Exception {
        policies.clear();
        try (XdsClient client = client(server, tls)) {
            client.start();
            ManagementServer.Stream stream = server.stream();
            stream.request();
            assertFalse(stream.send("1", Configurations.perUser("llm", 1)).hasErrorDetail());
            assertTrue(client.awaitPolicy());
        }
        assertEquals(1, policies.size());
    }

    /** It is tried again later, and the server has heard nothing. */
    private void assertNotAsked(ManagementServer server, XdsSettings.Tls tls) throws Exception {
        try (XdsClient client = client(server, tls)) {
            client.start();
            later.runNext();
            assertFalse(client.hasPolicy());
        }
        assertEquals(0, server.streamsWaiting());
    }

    private XdsClient client(ManagementServer server, XdsSettings.Tls tls) {
        XdsSettings.Retry retry =
                XdsSettings.Retry.of(Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(60), 0);
        XdsSettings settings = new XdsSettings(server.address(), tls, "default", Map.of(), Map.of(), retry, 0, true);
        return new XdsClient(
                settings,
                new Subscription(settings, DescriptorSettings.DEFAULT, policies::add, problems -> {}),
                later,
                System::nanoTime,
                () -> 0);
    }

    private static ManagementServer server(X509Bundle bundle, ClientAuth clients) throws Exception {
        SslContext context = GrpcSslContexts.configure(
                        SslContextBuilder.forServer(bundle.getKeyPair().getPrivate(), bundle.getCertificatePath())
                                .trustManager(authority.getCertificate())
                                .clientAuth(clients))
                .build();
        return ManagementServer.withTls(context);
    }

    private static X509Bundle onThisHost() throws Exception {
        return new CertificateBuilder()
                .subject("CN=server")
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(authority);
    }

    private static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .subject(name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static Path file(X509Bundle bundle) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "certificates", ".pem"), bundle.getCertificatePathPEM());
    }

    private static Path key(X509Bundle bundle) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "key", ".pem"), bundle.getPrivateKeyPEM());
    }
}
