package dev.weir.bucket.redis;

import io.lettuce.core.SslOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Decides which server is taken for the store. The URL says whether the certificate must name the server, as it must by default. */
final class Tls {
    private Tls() {}

    /**
     * Returns options for whom to trust and what to show.
     *
     * @param authorities whose signatures count, and no others; without any, those that the JVM trusts
     * @param client the certificate that is shown to the server; null shows none
     */
    static SslOptions of(List<X509Certificate> authorities, @Nullable ClientCertificate client) {
        SslOptions.Builder options = SslOptions.builder().jdkSslProvider();
        if (client != null) {
            options.keyManager(client.certificate().toFile(), client.key().toFile(), new char[0]);
        }
        if (!authorities.isEmpty()) {
            options.trustManager(trustManagers(authorities));
        }
        return options.build();
    }

    private static TrustManagerFactory trustManagers(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry(Integer.toString(i), authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a store of certificates in memory cannot be made", e);
        }
    }

    /** Says that the certificate is meant, which "NotAfter: ..." alone would not. */
    static String reason(Throwable failure) {
        String prefix = failure instanceof GeneralSecurityException ? "its certificate is not trusted: " : "";
        return prefix + failure.getMessage();
    }
}
