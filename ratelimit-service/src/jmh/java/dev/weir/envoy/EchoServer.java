package dev.weir.envoy;

import dev.weir.envoy.call.WireMethods;
import dev.weir.envoy.listen.GrpcServer;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The least that gRPC-Java can do: it takes bytes and gives back the same bytes, without parsing any. Started by {@code bench/run} as
 * {@link NoOpServer} is.
 */
public final class EchoServer {
    private EchoServer() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        int port = Integer.parseInt(args[0]);
        new GrpcServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), List.of(service())).serving();
        Thread.currentThread().join();
    }

    private static ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(WireMethods.RATE_LIMIT_SERVICE)
                .addMethod(WireMethods.SHOULD_RATE_LIMIT_IN_BYTES, ServerCalls.asyncUnaryCall(EchoServer::answer))
                .build();
    }

    private static void answer(byte[] call, StreamObserver<byte[]> answer) {
        answer.onNext(call);
        answer.onCompleted();
    }
}
