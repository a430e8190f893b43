package dev.weir.envoy;

import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.util.AdvancedTlsX509KeyManager;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How the listener encrypts.
 *
 * @param certificate its chain, in PEM; read anew when the file has changed
 * @param key in PEM, PKCS #8
 * @param clientAuthorities who may have signed the certificate that a client must show then; null asks for none
 * @param clientName that it must be made out to; empty takes any
 */
public record ServerTls(
        Path certificate, Path key, @Nullable Path clientAuthorities, String clientName) {
    private static final long LOOK_SECONDS = 10;

    /**
     * @param looks where changed files are looked for
     * @throws IOException if a file cannot be used, naming it
     */
    ServerCredentials credentials(ScheduledExecutorService looks) throws IOException {
        try {
            AdvancedTlsX509KeyManager own = new AdvancedTlsX509KeyManager();
            own.updateIdentityCredentials(certificate.toFile(), key.toFile(), LOOK_SECONDS, TimeUnit.SECONDS, looks);
            TlsServerCredentials.Builder credentials =
                    TlsServerCredentials.newBuilder().keyManager(own);
            if (clientAuthorities != null) {
                credentials
                        .trustManager(new NamedClients(trusting(clientAuthorities), clientName))
                        .clientAuth(ClientAuth.REQUIRE);
            }
            return credentials.build();
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    "the certificate " + certificate + " and the key " + key + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static X509ExtendedTrustManager trusting(Path authorities) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(authorities)) {
            for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry(Integer.toString(store.size()), authority);
            }
        }
        if (store.size() == 0) {
            throw new IOException(authorities + " holds no certificate");
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }
}
