package dev.weir.envoy;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The gRPC listener: the given services, health and reflection. Calls run on the event loops and must not block. */
public final class GrpcServer {
    private static final int LARGEST_CALL = 1 << 20;

    private final Server server;
    private final HealthStatusManager health = new HealthStatusManager();

    /** Listens at once, but reports NOT_SERVING until {@link #serving}. */
    public GrpcServer(InetSocketAddress address, List<ServerServiceDefinition> services) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .directExecutor()
                .maxInboundMessageSize(LARGEST_CALL)
                // Envoy asks every few seconds whether we are still there, which gRPC's default takes for an attack.
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addService(health.getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance());
        services.forEach(builder::addService);
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.NOT_SERVING);
        this.server = builder.build().start();
    }

    public int port() {
        return server.getPort();
    }

    public void serving() {
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    }

    /** Health checks fail from now on, so that Envoy takes its requests elsewhere; calls are still answered. */
    public void leaving() {
        health.enterTerminalState();
    }

    /** Takes no new calls and waits for those under way, at most {@code patience}; what is left then is cut off. */
    public void stop(Duration patience) {
        server.shutdown();
        try {
            if (!server.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
