package dev.weir.envoy.listen;

import dev.weir.envoy.call.Peers;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.NettySslContextServerCredentials;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Serves the given services over gRPC, along with health checks. Calls run on the event loops and must not block. */
public final class GrpcServer {
    private static final int LARGEST_CALL = 1 << 20;
    /** The name by which clients ask for envoyproxy/ratelimit's health. */
    private static final String REFERENCE = "ratelimit";

    private static final String LEAKS = "io.netty.leakDetection.level";

    static {
        // Netty looks for buffers that its users forgot, at some 4 % of a call's CPU time. All of ours belong to gRPC
        // and
        // Lettuce.
        if (System.getProperty(LEAKS) == null) {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
    }

    private final Server server;
    private final Peers peers;
    private final HealthStatusManager health = new HealthStatusManager();
    private final @Nullable EventLoopGroup unixLoops;

    /** Listens in the clear. */
    public GrpcServer(SocketAddress address, List<ServerServiceDefinition> services) throws IOException {
        this(address, services, Connections.PLAIN, null, Peers.unwatched());
    }

    /**
     * Listens at once, but reports NOT_SERVING until {@link #serving}.
     *
     * @param address an {@link InetSocketAddress} or, on Linux, a {@link UnixDomainSocketAddress}, whose file is made anew
     * @param tls encrypts; null speaks in the clear
     * @param peers learns who is connected
     * @throws IOException if the address is taken
     */
    public GrpcServer(
            SocketAddress address,
            List<ServerServiceDefinition> services,
            Connections connections,
            @Nullable SslContext tls,
            Peers peers)
            throws IOException {
        this.peers = peers;
        ServerCredentials credentials =
                tls == null ? InsecureServerCredentials.create() : NettySslContextServerCredentials.create(tls);
        NettyServerBuilder builder;
        if (address instanceof UnixDomainSocketAddress unix) {
            unixLoops = unixLoops();
            removeLeftBehind(unix.getPath());
            builder = NettyServerBuilder.forAddress(
                            new DomainSocketAddress(unix.getPath().toString()),
                            ResetAwareNegotiation.with(credentials, peers))
                    .channelType(EpollServerDomainSocketChannel.class)
                    // A Unix socket has none, and Netty would say so for each connection.
                    .withChildOption(ChannelOption.SO_KEEPALIVE, null)
                    .bossEventLoopGroup(unixLoops)
                    .workerEventLoopGroup(unixLoops);
        } else {
            unixLoops = null;
            builder = NettyServerBuilder.forAddress(address, ResetAwareNegotiation.with(credentials, peers));
        }
        bound(builder, connections.bounds());
        builder.directExecutor()
                .maxInboundMessageSize(LARGEST_CALL)
                // Envoy asks every few seconds whether we are still there, which gRPC's default takes for an attack.
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addService(health.getHealthService());
        if (connections.reflection()) {
            builder.addService(ProtoReflectionServiceV1.newInstance());
        }
        services.forEach(builder::addService);
        tell(ServingStatus.NOT_SERVING);
        this.server = builder.build().start();
    }

    private static void bound(NettyServerBuilder builder, Connections.Bounds bounds) {
        builder.maxConcurrentCallsPerConnection(bounds.streams()).maxRstFramesPerWindow(bounds.resets(), 1);
        if (bounds.idle() != null) {
            builder.maxConnectionIdle(bounds.idle().toNanos(), TimeUnit.NANOSECONDS);
        }
        if (bounds.age() != null) {
            builder.maxConnectionAge(bounds.age().toNanos(), TimeUnit.NANOSECONDS)
                    .maxConnectionAgeGrace(bounds.grace().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Deletes the socket of a service that was killed; anything but a socket is somebody else's. */
    private static void removeLeftBehind(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException(path + " exists and is no socket");
        }
        Files.delete(path);
    }

    private static EventLoopGroup unixLoops() throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("Unix sockets need Linux on x86-64 or arm64");
        }
        return new MultiThreadIoEventLoopGroup(EpollIoHandler.newFactory());
    }

    /** Returns the port; -1 on a Unix socket. */
    public int port() {
        return server.getPort();
    }

    public void serving() {
        tell(ServingStatus.SERVING);
    }

    /** Reports NOT_SERVING until {@link #serving}; calls are answered all the same. */
    public void notServing() {
        tell(ServingStatus.NOT_SERVING);
    }

    private void tell(ServingStatus status) {
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        health.setStatus(REFERENCE, status);
    }

    /**
     * Fails health checks from now on, so that Envoy takes its requests elsewhere; calls are still answered. An Envoy that then closes its
     * connections does not count as gone.
     */
    public void leaving() {
        peers.leave();
        health.enterTerminalState();
    }

    /** Takes no new calls and waits for those under way, at most {@code patience}; what is left then is cut off. */
    public void stop(Duration patience) {
        peers.leave();
        server.shutdown();
        try {
            if (!server.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        if (unixLoops != null) {
            unixLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
    }
}
