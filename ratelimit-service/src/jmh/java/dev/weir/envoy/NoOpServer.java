package dev.weir.envoy;

import dev.weir.envoy.call.WireMessage;
import dev.weir.envoy.call.WireMethods;
import dev.weir.envoy.listen.GrpcServer;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The least that a rate limit service can do on gRPC-Java: the service's own listener, messages read and built by protobuf-java, and always the same OK. What the
 * service costs beyond it is Weir's own work. Started by {@code bench/run}; takes a port of the loopback, runs until it is killed.
 */
public final class NoOpServer {
    private static final RateLimitResponse OK = RateLimitResponse.newBuilder()
            .setOverallCode(RateLimitResponse.Code.OK)
            .build();

    private NoOpServer() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        int port = Integer.parseInt(args[0]);
        new GrpcServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), List.of(service())).serving();
        Thread.currentThread().join();
    }

    private static ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(WireMethods.RATE_LIMIT_SERVICE.getName())
                .addMethod(WireMethods.SHOULD_RATE_LIMIT, ServerCalls.asyncUnaryCall(NoOpServer::answer))
                .build();
    }

    private static void answer(WireMessage<RateLimitRequest> call, StreamObserver<RateLimitResponse> answer) {
        answer.onNext(OK);
        answer.onCompleted();
    }
}
