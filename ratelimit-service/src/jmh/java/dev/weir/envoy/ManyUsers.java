package dev.weir.envoy;

import com.google.protobuf.ByteString;
import dev.weir.envoy.call.WireMessage;
import dev.weir.envoy.call.WireMethods;
import dev.weir.wire.Descriptor;
import dev.weir.wire.Entry;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One request for each of many users, which h2load with its single body cannot send. Started by {@code bench/run}; takes a port of
 * the loopback, a domain and the number of users, and fails unless all of them were admitted.
 */
public final class ManyUsers {
    private static final int UNDER_WAY = 128;

    private ManyUsers() {}

    public static void main(String[] args) throws InterruptedException {
        InetSocketAddress service = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        int users = Integer.parseInt(args[2]);
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(service).usePlaintext().build();
        Semaphore room = new Semaphore(UNDER_WAY);
        AtomicInteger admitted = new AtomicInteger();
        for (int user = 0; user < users; user++) {
            room.acquire();
            ClientCalls.asyncUnaryCall(
                    channel.newCall(WireMethods.SHOULD_RATE_LIMIT, CallOptions.DEFAULT),
                    new WireMessage<>(request(args[1], "user-" + user), ""),
                    new Counter(admitted, room));
        }
        room.acquire(UNDER_WAY);
        channel.shutdownNow();
        if (admitted.get() != users) {
            System.err.println("only " + admitted + " of " + users + " users were admitted");
            System.exit(1);
        }
    }

    private static RateLimitRequest request(String domain, String user) {
        return RateLimitRequest.newBuilder()
                .setDomain(ByteString.copyFromUtf8(domain))
                .addDescriptors(Descriptor.newBuilder()
                        .addEntries(Entry.newBuilder()
                                .setKey(ByteString.copyFromUtf8("user"))
                                .setValue(ByteString.copyFromUtf8(user))))
                .build();
    }

    private record Counter(AtomicInteger admitted, Semaphore room) implements StreamObserver<RateLimitResponse> {
        @Override
        public void onNext(RateLimitResponse answer) {
            if (answer.getOverallCode() == Code.OK) {
                admitted.incrementAndGet();
            }
        }

        @Override
        public void onError(Throwable failure) {
            room.release();
        }

        @Override
        public void onCompleted() {
            room.release();
        }
    }
}
