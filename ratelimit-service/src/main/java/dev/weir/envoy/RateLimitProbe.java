package dev.weir.envoy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UInt64Value;
import com.google.protobuf.Value;
import dev.weir.request.Attributes;
import dev.weir.request.ReservedNames;
import dev.weir.wire.Descriptor;
import dev.weir.wire.Entry;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
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
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks a service as Envoy does, for people who want to see what it answers. */
public final class RateLimitProbe {
    /**
     * What a service answered.
     *
     * @param headers for the caller, in the order of the answer; of two of a name the first
     * @param body of a refusal; empty where there is none
     */
    public record Answer(boolean allowed, Map<String, String> headers, String body) {}

    private RateLimitProbe() {}

    /**
     * @param address of any service that speaks Envoy's protocol: an {@link java.net.InetSocketAddress} or a
     *     {@link UnixDomainSocketAddress}
     * @param tls null speaks in the clear
     * @param hits 0 asks whether there is room and takes none
     * @throws IOException if nobody answers, or answers that it cannot, or a file of {@code tls} cannot be used
     */
    public static Answer ask(
            SocketAddress address,
            @Nullable ClientTls tls,
            String domain,
            Attributes attributes,
            int hits,
            Duration timeout)
            throws IOException {
        SslContext context = tls == null ? null : tls.context();
        EventLoopGroup loops = address instanceof UnixDomainSocketAddress
                ? new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory())
                : null;
        NettyChannelBuilder builder = address instanceof UnixDomainSocketAddress unix && loops != null
                ? NettyChannelBuilder.forAddress(
                                new DomainSocketAddress(unix.getPath().toString()))
                        .channelType(EpollDomainSocketChannel.class)
                        // It has none, and Netty would say so in each call.
                        .withOption(ChannelOption.SO_KEEPALIVE, null)
                        .eventLoopGroup(loops)
                : NettyChannelBuilder.forAddress(address);
        ManagedChannel channel = (context == null ? builder.usePlaintext() : builder.sslContext(context)).build();
        try {
            RateLimitResponse response = call(channel, request(domain, attributes, hits), timeout);
            String reservation = response.getDynamicMetadata()
                    .getFieldsOrDefault(ReservedNames.METADATA_RESERVATION, Value.getDefaultInstance())
                    .getStringValue();
            if (!reservation.isEmpty()) {
                call(channel, request(domain, release(reservation), 0), timeout);
            }
            return answer(response);
        } catch (StatusRuntimeException e) {
            throw new IOException(words(e.getStatus(), address), e);
        } finally {
            channel.shutdownNow();
            if (loops != null) {
                loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
            }
        }
    }

    private static RateLimitResponse call(ManagedChannel channel, RateLimitRequest request, Duration timeout) {
        return ClientCalls.blockingUnaryCall(
                channel,
                WireMethods.SHOULD_RATE_LIMIT,
                CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS),
                new WireMessage<>(request, ""));
    }

    /** Nothing will be under way, so no slot is to stay taken until it expires. */
    private static Attributes release(String reservation) {
        return Attributes.of(ReservedNames.RESERVATION, reservation, ReservedNames.EVENT, "release");
    }

    private static String words(Status status, SocketAddress address) {
        if (status.getCode() == Status.Code.UNAVAILABLE && status.getCause() != null) {
            return "no service answers at " + written(address) + "; name its gRPC address: "
                    + reason(status.getCause());
        }
        return status.getDescription() == null
                ? status.getCode().toString()
                : status.getCode() + ": " + status.getDescription();
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static String written(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet.getHostString() + ":" + inet.getPort()
                : address.toString();
    }

    private static RateLimitRequest request(String domain, Attributes attributes, int hits) {
        Descriptor.Builder descriptor =
                Descriptor.newBuilder().setHitsAddend(UInt64Value.newBuilder().setValue(hits));
        for (int i = 0; i < attributes.size(); i++) {
            descriptor.addEntries(Entry.newBuilder()
                    .setKey(ByteString.copyFromUtf8(attributes.name(i)))
                    .setValue(ByteString.copyFromUtf8(attributes.value(i))));
        }
        return RateLimitRequest.newBuilder()
                .setDomain(ByteString.copyFromUtf8(domain))
                .addDescriptors(descriptor)
                .build();
    }

    private static Answer answer(RateLimitResponse response) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (HeaderValue header : response.getResponseHeadersToAddList()) {
            headers.putIfAbsent(header.getKey(), header.getValue());
        }
        return new Answer(
                response.getOverallCode() == Code.OK,
                headers,
                response.getRawBody().toStringUtf8());
    }
}
