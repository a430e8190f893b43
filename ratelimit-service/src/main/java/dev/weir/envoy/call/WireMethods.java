package dev.weir.envoy.call;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.weir.wire.AccessLogMessage;
import dev.weir.wire.CheckRequest;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.service.accesslog.v3.AlsProto;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.ExternalAuthProto;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RlsProto;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;

/**
 * Envoy's three services under their published names, with requests read by our own wire-compatible messages or as bytes. Reflection shows
 * the published files.
 */
public final class WireMethods {
    /** The method for those who call. */
    public static final MethodDescriptor<WireMessage<RateLimitRequest>, RateLimitResponse> SHOULD_RATE_LIMIT = method(
            "envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit",
            RateLimitRequest.parser(),
            RateLimitResponse.getDefaultInstance());

    /** The same method as the service reads and writes it. */
    public static final MethodDescriptor<byte[], byte[]> SHOULD_RATE_LIMIT_IN_BYTES =
            SHOULD_RATE_LIMIT.<byte[], byte[]>toBuilder(new WireBytes(), new WireBytes())
                    .build();

    public static final MethodDescriptor<WireMessage<CheckRequest>, CheckResponse> CHECK = method(
            "envoy.service.auth.v3.Authorization/Check", CheckRequest.parser(), CheckResponse.getDefaultInstance());

    public static final MethodDescriptor<WireMessage<AccessLogMessage>, StreamAccessLogsResponse> STREAM_ACCESS_LOGS =
            method(
                            "envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs",
                            AccessLogMessage.parser(),
                            StreamAccessLogsResponse.getDefaultInstance())
                    .toBuilder()
                    .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
                    .build();

    public static final ServiceDescriptor RATE_LIMIT_SERVICE =
            service(SHOULD_RATE_LIMIT_IN_BYTES, RlsProto.getDescriptor());

    public static final ServiceDescriptor AUTHORIZATION_SERVICE = service(CHECK, ExternalAuthProto.getDescriptor());

    public static final ServiceDescriptor ACCESS_LOG_SERVICE = service(STREAM_ACCESS_LOGS, AlsProto.getDescriptor());

    private WireMethods() {}

    private static <Q extends Message, A extends Message> MethodDescriptor<WireMessage<Q>, A> method(
            String name, Parser<Q> requests, A defaultAnswer) {
        return MethodDescriptor.<WireMessage<Q>, A>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(name)
                .setRequestMarshaller(new WireMessage.Marshaller<>(requests))
                .setResponseMarshaller(ProtoUtils.marshaller(defaultAnswer))
                .build();
    }

    private static ServiceDescriptor service(MethodDescriptor<?, ?> method, FileDescriptor published) {
        ProtoFileDescriptorSupplier file = () -> published;
        return ServiceDescriptor.newBuilder(String.valueOf(method.getServiceName()))
                .addMethod(method)
                .setSchemaDescriptor(file)
                .build();
    }
}
