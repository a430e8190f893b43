package dev.weir.envoy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UInt64Value;
import dev.weir.envoy.call.WireMessage;
import dev.weir.envoy.call.WireMethods;
import dev.weir.wire.CheckRequest;
import dev.weir.wire.Descriptor;
import dev.weir.wire.Entry;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Calls a service as Envoy does, over a connection of its own. */
public final class Calls implements AutoCloseable {
    private final ManagedChannel channel;

    public Calls(int port) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    public static RateLimitRequest request(String domain, Descriptor.Builder... descriptors) {
        RateLimitRequest.Builder request = RateLimitRequest.newBuilder().setDomain(ByteString.copyFromUtf8(domain));
        for (Descriptor.Builder descriptor : descriptors) {
            request.addDescriptors(descriptor);
        }
        return request.build();
    }

    /** Key, value, key, value ... */
    public static Descriptor.Builder descriptor(String... entries) {
        Descriptor.Builder descriptor = Descriptor.newBuilder();
        for (int i = 0; i < entries.length; i += 2) {
            descriptor.addEntries(entry(entries[i], ByteString.copyFromUtf8(entries[i + 1])));
        }
        return descriptor;
    }

    public static Entry entry(String key, ByteString value) {
        return Entry.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(value)
                .build();
    }

    public static Descriptor.Builder settle(String reservation, long tokens, String responseCode) {
        return descriptor("weir.reservation", reservation, "weir.event", "settle", "weir.response_code", responseCode)
                .setHitsAddend(UInt64Value.of(tokens));
    }

    public static Descriptor.Builder release(String reservation) {
        return descriptor("weir.reservation", reservation, "weir.event", "release");
    }

    /** The id that an admission gave out; empty where it gave out none. */
    public static String reservation(RateLimitResponse answer) {
        return answer.getDynamicMetadata()
                .getFieldsOrDefault("reservation", com.google.protobuf.Value.getDefaultInstance())
                .getStringValue();
    }

    public RateLimitResponse ask(RateLimitRequest request) {
        return call(WireMethods.SHOULD_RATE_LIMIT, new WireMessage<>(request, ""));
    }

    public CheckResponse check(CheckRequest request) {
        return call(WireMethods.CHECK, new WireMessage<>(request, ""));
    }

    /** A request with nothing but this secret. */
    public CheckResponse checkKey(String secret) {
        CheckRequest.Builder request = CheckRequest.newBuilder();
        request.getAttributesBuilder()
                .getRequestBuilder()
                .getHttpBuilder()
                .getHeaderMapBuilder()
                .addHeadersBuilder()
                .setKey(ByteString.copyFromUtf8("x-api-key"))
                .setRawValue(ByteString.copyFromUtf8(secret));
        return check(request.build());
    }

    /** Sends bytes that need not be a message. */
    public RateLimitResponse sendRaw(byte[] bytes) {
        return call(raw(WireMethods.SHOULD_RATE_LIMIT), bytes);
    }

    public CheckResponse checkRaw(byte[] bytes) {
        return call(raw(WireMethods.CHECK), bytes);
    }

    private static <A extends Message> MethodDescriptor<byte[], A> raw(MethodDescriptor<?, A> method) {
        return method.<byte[], A>toBuilder(
                        new MethodDescriptor.Marshaller<byte[]>() {
                            @Override
                            public InputStream stream(byte[] value) {
                                return new ByteArrayInputStream(value);
                            }

                            @Override
                            public byte[] parse(InputStream stream) {
                                throw new UnsupportedOperationException();
                            }
                        },
                        method.getResponseMarshaller())
                .build();
    }

    private <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
        return ClientCalls.blockingUnaryCall(
                channel, method, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), request);
    }

    /** Hands the first answer, or the failure, to {@code answer}. */
    public static <T> StreamObserver<T> first(CompletableFuture<T> answer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T value) {
                answer.complete(value);
            }

            @Override
            public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {}
        };
    }

    public ManagedChannel channel() {
        return channel;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
