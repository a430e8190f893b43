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
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls that come as fast as they come, whether those before are answered or not, each with a deadline, as Envoy sends them. Started by
 * {@code bench/overload} with a port of the loopback and a domain. Each line of its input is a turn: calls a second, seconds, and the
 * deadline in milliseconds. To each it prints a line: how many calls ended how, and the milliseconds to the median and to the slowest
 * hundredth of the admissions. One process for all turns, because a JVM that has just begun is late by itself.
 */
public final class SteadyCalls {
    private final Map<String, Integer> ends = new TreeMap<>();
    private final List<Long> latencies = new ArrayList<>();
    private int underWay;

    private SteadyCalls() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        InetSocketAddress service = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        ManagedChannel channel = NettyChannelBuilder.forAddress(service)
                .usePlaintext()
                .directExecutor()
                .build();
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] turn = line.split(" ", -1);
            SteadyCalls calls = new SteadyCalls();
            calls.run(
                    channel,
                    args[1],
                    Double.parseDouble(turn[0]),
                    Double.parseDouble(turn[1]),
                    Long.parseLong(turn[2]));
            System.out.println(calls.told());
        }
        channel.shutdownNow();
    }

    private void run(ManagedChannel channel, String domain, double rate, double seconds, long deadlineMillis)
            throws InterruptedException {
        RateLimitRequest request = request(domain);
        long start = System.nanoTime();
        long calls = (long) (rate * seconds);
        for (long number = 0; number < calls; number++) {
            long due = start + (long) (number / rate * 1e9);
            while (due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            begin();
            ClientCalls.asyncUnaryCall(
                    channel.newCall(
                            WireMethods.SHOULD_RATE_LIMIT,
                            CallOptions.DEFAULT.withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS)),
                    new WireMessage<>(request, ""),
                    new End(System.nanoTime()));
        }
        awaitAll();
    }

    private static RateLimitRequest request(String domain) {
        return RateLimitRequest.newBuilder()
                .setDomain(ByteString.copyFromUtf8(domain))
                .addDescriptors(Descriptor.newBuilder()
                        .addEntries(Entry.newBuilder()
                                .setKey(ByteString.copyFromUtf8("user"))
                                .setValue(ByteString.copyFromUtf8("anybody"))))
                .build();
    }

    private synchronized void begin() {
        underWay++;
    }

    private synchronized void end(String how, long nanos) {
        underWay--;
        ends.merge(how, 1, Integer::sum);
        if (how.equals("OK")) {
            latencies.add(nanos);
        }
        notifyAll();
    }

    /** All of them end, at their deadlines if not before. */
    private synchronized void awaitAll() throws InterruptedException {
        while (underWay > 0) {
            wait();
        }
    }

    private synchronized String told() {
        Collections.sort(latencies);
        StringBuilder told = new StringBuilder();
        ends.forEach((how, count) -> told.append(how).append(' ').append(count).append(' '));
        return told.append("p50 ")
                .append(quantile(0.5))
                .append(" p99 ")
                .append(quantile(0.99))
                .toString();
    }

    private double quantile(double part) {
        return latencies.isEmpty() ? 0 : latencies.get((int) (part * (latencies.size() - 1))) / 1e6;
    }

    private final class End implements StreamObserver<RateLimitResponse> {
        private final long start;
        private String how = "nothing";

        End(long start) {
            this.start = start;
        }

        @Override
        public void onNext(RateLimitResponse answer) {
            how = answer.getOverallCode() == Code.OK ? "OK" : "OVER_LIMIT";
        }

        @Override
        public void onError(Throwable failure) {
            end(Status.fromThrowable(failure).getCode().name(), System.nanoTime() - start);
        }

        @Override
        public void onCompleted() {
            end(how, System.nanoTime() - start);
        }
    }
}
