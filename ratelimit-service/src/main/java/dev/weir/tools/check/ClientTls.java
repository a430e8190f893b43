package dev.weir.tools.check;

import dev.weir.config.ConfigException;
import dev.weir.tls.CertificateFile;
import dev.weir.tls.CertifiedKey;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * Names the files by which the called service is verified, and those by which the caller proves itself.
 *
 * @param authorities the only authorities that may have signed its certificate, in PEM
 * @param certificate the caller's certificate with its chain, in PEM; null to show none
 * @param key the key of that certificate, in PEM; null where there is none
 */
public record ClientTls(
        Path authorities,
        @Nullable Path certificate,
        @Nullable Path key) {

    /** @throws IOException if a file cannot be used, naming it */
    SslContext context() throws IOException {
        try {
            SslContextBuilder builder = GrpcSslContexts.forClient().trustManager(CertificateFile.read(authorities));
            if (certificate != null && key != null) {
                CertifiedKey own = CertifiedKey.read(certificate, key);
                builder.keyManager(own.key(), own.chain().toArray(X509Certificate[]::new));
            }
            return builder.build();
        } catch (ConfigException | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
