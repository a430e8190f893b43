package dev.weir.xds;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.tls.CertificateFile;
import dev.weir.tls.PrivateKeyFile;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** Makes connections to the management server. */
final class Channels {
    /** The time between pings, which notice a server gone without a word. Pings less than five minutes apart look like an attack. */
    private static final int KEEP_ALIVE_MINUTES = 6;

    private Channels() {}

    /**
     * Makes a connection that opens with its first call. The files of its certificates are read now, so that the next connection uses new
     * ones.
     *
     * @throws ConfigException if the settings cannot be used, saying why
     */
    static ManagedChannel open(XdsSettings settings) throws ConfigException {
        try {
            NettyChannelBuilder builder = NettyChannelBuilder.forTarget(settings.server())
                    .disableRetry()
                    .keepAliveTime(KEEP_ALIVE_MINUTES, TimeUnit.MINUTES)
                    .intercept(MetadataUtils.newAttachHeadersInterceptor(headers(settings)));
            if (settings.maxMessageBytes() > 0) {
                builder.maxInboundMessageSize(settings.maxMessageBytes());
            }
            XdsSettings.Tls tls = settings.tls();
            if (tls == null) {
                builder.usePlaintext();
            } else {
                builder.sslContext(context(tls));
                if (tls.name() != null) {
                    builder.overrideAuthority(tls.name());
                }
            }
            return builder.build();
        } catch (IllegalArgumentException | SSLException e) {
            throw new ConfigException(List.of(new Problem(
                    settings.server(), XdsRules.SERVER, "the management server cannot be asked: " + e.getMessage())));
        }
    }

    private static Metadata headers(XdsSettings settings) {
        Metadata headers = new Metadata();
        settings.headers()
                .forEach((name, value) -> headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        return headers;
    }

    private static SslContext context(XdsSettings.Tls tls) throws ConfigException, SSLException {
        SslContextBuilder builder = GrpcSslContexts.forClient();
        if (tls.authorities() != null) {
            builder.trustManager(CertificateFile.read(tls.authorities()));
        }
        if (tls.certificates() != null && tls.key() != null) {
            builder.keyManager(
                    PrivateKeyFile.read(tls.key()),
                    CertificateFile.read(tls.certificates()).toArray(X509Certificate[]::new));
        }
        return builder.build();
    }
}
