package dev.weir.tools.check;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection to a running service, for a command that asks it something. */
public final class ServiceChannel implements AutoCloseable {
    private final SocketAddress address;
    private final Duration timeout;
    private final boolean encrypted;
    private final @Nullable EventLoopGroup loops;
    private final ManagedChannel channel;

    /** @throws IOException if a file of the target's TLS cannot be used */
    public ServiceChannel(ServiceTarget target) throws IOException {
        address = target.address();
        timeout = target.timeout();
        encrypted = target.tls() != null;
        SslContext context = target.tls() == null ? null : target.tls().context();
        loops = address instanceof UnixDomainSocketAddress
                ? new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory())
                : null;
        NettyChannelBuilder builder = address instanceof UnixDomainSocketAddress unix && loops != null
                ? NettyChannelBuilder.forAddress(
                                new DomainSocketAddress(unix.getPath().toString()))
                        .channelType(EpollDomainSocketChannel.class)
                        // A Unix socket has no keepalive, and Netty would say so in each call.
                        .withOption(ChannelOption.SO_KEEPALIVE, null)
                        .eventLoopGroup(loops)
                : NettyChannelBuilder.forAddress(address);
        channel = (context == null ? builder.usePlaintext() : builder.sslContext(context)).build();
    }

    /** @throws IOException if nobody answers, or answers that it cannot */
    public <Q, A> A call(MethodDescriptor<Q, A> method, Q question) throws IOException {
        try {
            return ClientCalls.blockingUnaryCall(
                    channel,
                    method,
                    CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS),
                    question);
        } catch (StatusRuntimeException e) {
            throw new IOException(words(e.getStatus()), e);
        }
    }

    private String words(Status status) {
        if (status.getCode() == Status.Code.UNAVAILABLE && status.getCause() != null) {
            return "no service answers at " + written() + "; name its gRPC address: " + reason(status.getCause());
        }
        return status.getDescription() == null
                ? status.getCode().toString()
                : status.getCode() + ": " + status.getDescription();
    }

    private String reason(Throwable cause) {
        if (!encrypted && !(cause instanceof ConnectException)) {
            return "what answers there does not speak gRPC in clear text; where it serves TLS, add --grpc-ca";
        }
        return cause.getMessage() == null ? "the connection fails" : cause.getMessage();
    }

    private String written() {
        return address instanceof InetSocketAddress inet
                ? inet.getHostString() + ":" + inet.getPort()
                : address.toString();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        if (loops != null) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
    }
}
