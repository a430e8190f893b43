package dev.weir.server;

import com.google.protobuf.UInt64Value;
import dev.weir.envoy.call.WireMethods;
import dev.weir.request.ReservedNames;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Admits requests and settles each, which h2load cannot. Started by {@code bench/run}; takes a port of the loopback, a domain, how long it calls
 * in milliseconds, a call in Base64 for each connection, and prints how many requests it settled. The domain "echo" stands for a server that answers what it was asked.
 */
public final class SettledCalls {
    private static final int TOGETHER = 64;
    private static final String ECHO = "echo";

    private SettledCalls() {}

    public static void main(String[] args) throws InterruptedException {
        int port = Integer.parseInt(args[0]);
        long end =
                System.nanoTime() + Duration.ofMillis(Long.parseLong(args[2])).toNanos();
        AtomicLong settled = new AtomicLong();
        List<Thread> connections = new ArrayList<>();
        for (int i = 3; i < args.length; i++) {
            byte[] call = Base64.getDecoder().decode(args[i]);
            connections.add(new Thread(() -> callUntil(end, port, args[1], call, settled)));
        }
        connections.forEach(Thread::start);
        for (Thread connection : connections) {
            connection.join();
        }
        System.out.println(settled);
    }

    private static void callUntil(long end, int port, String domain, byte[] call, AtomicLong settled) {
        String method = WireMethods.SHOULD_RATE_LIMIT.getFullMethodName();
        try (LoopbackCaller caller = new LoopbackCaller(port, method, Duration.ofSeconds(10))) {
            List<byte[]> admissions = Collections.nCopies(TOGETHER, call);
            while (System.nanoTime() - end < 0) {
                List<byte[]> settlements = new ArrayList<>(TOGETHER);
                for (byte[] answer : caller.call(admissions)) {
                    settlements.add(settlement(domain, domain.equals(ECHO) ? "0123456789abcdef" : reservation(answer)));
                }
                caller.call(settlements);
                settled.addAndGet(TOGETHER);
            }
        } catch (IOException e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static String reservation(byte[] answer) throws IOException {
        String reservation = WarmUp.reservation(answer);
        if (reservation.isEmpty()) {
            throw new IllegalStateException("no reservation in an answer");
        }
        return reservation;
    }

    private static byte[] settlement(String domain, String reservation) {
        return RateLimitRequest.newBuilder()
                .setDomain(domain)
                .addDescriptors(RateLimitDescriptor.newBuilder()
                        .addEntries(entry(ReservedNames.RESERVATION, reservation))
                        .addEntries(entry(ReservedNames.EVENT, "settle"))
                        .setHitsAddend(UInt64Value.of(7)))
                .build()
                .toByteArray();
    }

    private static RateLimitDescriptor.Entry entry(String key, String value) {
        return RateLimitDescriptor.Entry.newBuilder()
                .setKey(key)
                .setValue(value)
                .build();
    }
}
