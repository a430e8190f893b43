package dev.weir.envoy.listen;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.Reloader;
import dev.weir.config.YamlRules;
import dev.weir.tls.CertificateFile;
import dev.weir.tls.CertifiedKey;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Names the files with which the listener encrypts.
 *
 * @param certificate its chain, in PEM
 * @param key in PEM: PKCS #8, PKCS #1 or SEC 1, not encrypted
 * @param clientAuthorities who may have signed the certificate that a client must show then; null asks for none
 * @param clientName the name that this certificate must be made out to; empty accepts any
 */
public record ServerTls(
        Path certificate, Path key, @Nullable Path clientAuthorities, String clientName) {

    /** Returns what reads all files anew when one of them has changed. */
    public Reloader<Encryption> files() {
        List<Path> files = Stream.of(certificate, key, clientAuthorities)
                .filter(Objects::nonNull)
                .toList();
        return Reloader.ofFiles(() -> files, this::read);
    }

    private Encryption read() throws ConfigException {
        CertifiedKey own = CertifiedKey.read(certificate, key);
        try {
            SslContextBuilder builder =
                    SslContextBuilder.forServer(own.key(), own.chain().toArray(X509Certificate[]::new));
            if (clientAuthorities != null) {
                builder.trustManager(new ClientNames(trusting(CertificateFile.read(clientAuthorities)), clientName))
                        .clientAuth(ClientAuth.REQUIRE);
            }
            return new Encryption(
                    GrpcSslContexts.configure(builder).build(),
                    own.chain().get(0).getNotAfter().toInstant());
        } catch (GeneralSecurityException | IllegalArgumentException | IOException e) {
            throw new ConfigException(List.of(new Problem(
                    certificate.toString(), YamlRules.FILE, "cannot be used with " + key + ": " + e.getMessage())));
        }
    }

    private static X509ExtendedTrustManager trusting(List<X509Certificate> authorities)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (X509Certificate authority : authorities) {
            store.setCertificateEntry(Integer.toString(store.size()), authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }
}
