package dev.weir.envoy;

import dev.weir.envoy.call.WireMethods;
import dev.weir.envoy.listen.GrpcServer;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The least that gRPC-Java can do: it takes bytes and gives back the same bytes, without parsing any. Started by {@code bench/run} as
 * {@link NoOpServer} is.
 */
public final class EchoServer {
    private static final String METHOD = WireMethods.SHOULD_RATE_LIMIT.getFullMethodName();

    private EchoServer() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        int port = Integer.parseInt(args[0]);
        new GrpcServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), List.of(service())).serving();
        Thread.currentThread().join();
    }

    private static ServerServiceDefinition service() {
        MethodDescriptor<byte[], byte[]> method = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(METHOD)
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
        return ServerServiceDefinition.builder(WireMethods.RATE_LIMIT_SERVICE.getName())
                .addMethod(method, ServerCalls.asyncUnaryCall(EchoServer::answer))
                .build();
    }

    private static void answer(byte[] call, StreamObserver<byte[]> answer) {
        answer.onNext(call);
        answer.onCompleted();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readNBytes(stream.available());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
