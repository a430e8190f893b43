package dev.weir.cli;

import dev.weir.tools.check.ClientTls;
import dev.weir.tools.check.ServiceTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that ask a service at its gRPC address. */
final class TargetOptions {
    @Option(
            names = "--grpc",
            paramLabel = "ADDRESS",
            converter = GrpcAddress.class,
            description = "HOST:PORT or unix:PATH. Default: port 8081 of this machine.")
    private SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8081);

    @Option(
            names = "--grpc-ca",
            paramLabel = "FILE",
            description =
                    "Asks by TLS: who must have signed the service's certificate, in PEM. It must bear the host of"
                            + " --grpc.")
    private @Nullable Path authorities;

    @Option(
            names = "--grpc-cert",
            paramLabel = "FILE",
            description = "With --grpc-ca: the certificate that the service is shown, in PEM.")
    private @Nullable Path certificate;

    @Option(names = "--grpc-key", paramLabel = "FILE", description = "The key of --grpc-cert, in PEM.")
    private @Nullable Path key;

    @Option(names = "--timeout", paramLabel = "MILLIS", description = "How long to wait. Default: 5000.")
    private int timeoutMillis = 5_000;

    /** @throws IOException if options contradict each other, saying how */
    ServiceTarget target() throws IOException {
        if (timeoutMillis < 1) {
            throw new IOException("--timeout must be at least 1");
        }
        if ((certificate == null) != (key == null) || (certificate != null && authorities == null)) {
            throw new IOException("--grpc-cert and --grpc-key belong together, and need --grpc-ca");
        }
        ClientTls tls = authorities == null ? null : new ClientTls(authorities, certificate, key);
        return new ServiceTarget(address, tls, Duration.ofMillis(timeoutMillis));
    }
}
