package dev.weir.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.Value;
import dev.weir.bucket.Algorithm;
import dev.weir.config.Location;
import dev.weir.config.Problems;
import dev.weir.envoy.call.WireMethods;
import dev.weir.envoy.listen.GrpcServer;
import dev.weir.envoy.ratelimit.RateLimitEndpoint;
import dev.weir.measure.Measure;
import dev.weir.policy.Allowance;
import dev.weir.policy.BucketNames;
import dev.weir.policy.DescriptorSettings;
import dev.weir.policy.Domain;
import dev.weir.policy.Estimate;
import dev.weir.policy.Limit;
import dev.weir.policy.Mode;
import dev.weir.policy.Policy;
import dev.weir.policy.Scope;
import dev.weir.policy.Source;
import dev.weir.policy.Tier;
import dev.weir.policy.Window;
import dev.weir.policy.Wording;
import dev.weir.policy.descriptors.DescriptorConfig;
import dev.weir.policy.descriptors.DescriptorDomain;
import dev.weir.request.Attributes;
import dev.weir.request.Request;
import dev.weir.request.ReservedNames;
import dev.weir.wire.Descriptor;
import dev.weir.wire.Entry;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Calls the service over a real connection before it says that it is ready. The first call of a fresh JVM takes most of a
 * second, which Envoy would take for a dead service; its time-out then lets requests pass or fail.
 */
public final class WarmUp {
    private static final int CALLS = 30_000;
    /** The number of users that call at a time. */
    private static final int TOGETHER = 16;
    /** The longest wait for an answer. A store that takes longer counts as one that does not answer, whatever its time-out. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String DOMAIN = "weir.warm-up";
    private static final String DESCRIPTORS = DOMAIN + ".descriptors";

    /** The policy that an endpoint must serve to be warmed up: limits that nobody else shares and that are soon forgotten. */
    public static final Policy POLICY = policy();

    private WarmUp() {}

    private static Policy policy() {
        Window.Length window = new Window.Length("1s", 1_000_000);
        List<Limit> limits = List.of(
                limit(0, "requests", window, Measure.REQUESTS, 0), limit(1, "tokens", window, Measure.TOKENS, 1));
        return new Policy(Map.of(DOMAIN, new Domain(DOMAIN, limits), DESCRIPTORS, descriptors()));
    }

    private static Domain descriptors() {
        Function<String, Location> nowhere = key -> Location.of(DESCRIPTORS);
        DescriptorConfig.Limit limit =
                new DescriptorConfig.Limit(0xffff_ffffL, "second", false, "", List.of(), nowhere);
        DescriptorConfig user =
                new DescriptorConfig("user", "", limit, List.of(), DescriptorConfig.Flags.NONE, Map.of(), nowhere);
        return DescriptorDomain.of(
                DESCRIPTORS, "", List.of(user), false, DescriptorSettings.DEFAULT, Source.NONE, new Problems());
    }

    private static Limit limit(int order, String name, Window.Length window, Measure measure, long estimate) {
        List<String> per = List.of("user");
        Algorithm algorithm = new Algorithm.SlidingWindow(Allowance.MAX_AMOUNT, window.micros());
        return new Limit(
                name,
                order,
                Tier.GLOBAL,
                new Scope(per, List.of(), new Mode.Enforced(), false),
                new Allowance(Allowance.MAX_AMOUNT, measure, window),
                new Estimate(estimate, false),
                algorithm,
                BucketNames.prefix(DOMAIN, name, algorithm, per),
                Wording.NONE,
                Source.NONE);
    }

    /**
     * Runs admissions through a listener of its own on the loopback until {@value #CALLS} are done or time is up.
     *
     * @param endpoint an endpoint for {@link #POLICY}
     * @param usual how long it takes where the service answers
     * @param atMost how long it waits for one that does not
     * @return whether the service answers in the end; the first calls may well run into the store's time-out
     */
    public static boolean run(RateLimitEndpoint endpoint, Duration usual, Duration atMost) throws IOException {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        GrpcServer server = new GrpcServer(loopback, List.of(endpoint.service()));
        try (LoopbackCaller caller =
                new LoopbackCaller(server.port(), WireMethods.SHOULD_RATE_LIMIT.getFullMethodName(), PATIENCE)) {
            long start = System.nanoTime();
            long enough = start + usual.toNanos();
            long end = start + atMost.toNanos();
            boolean answered = true;
            for (int done = 0; done < CALLS && System.nanoTime() < (answered ? enough : end); done += 3 * TOGETHER) {
                answered = admitAndSettle(caller);
            }
            return answered;
        } catch (SocketTimeoutException e) {
            return false;
        } finally {
            server.stop(Duration.ofSeconds(1));
        }
    }

    /** Returns one of those admissions. */
    static Request request() {
        Attributes user = Attributes.of("user", "warm-up-0");
        return new Request(DOMAIN, null, List.of(new dev.weir.request.Descriptor(user, 1)), List.of());
    }

    /** Returns whether all calls were answered. */
    private static boolean admitAndSettle(LoopbackCaller caller) throws IOException {
        List<byte[]> admissions = new ArrayList<>();
        for (int user = 0; user < TOGETHER; user++) {
            admissions.add(request(DOMAIN, admission(user)));
            admissions.add(request(DESCRIPTORS, admission(user)));
        }
        List<byte[]> settlements = new ArrayList<>();
        for (byte[] answer : caller.call(admissions)) {
            if (answer == null) {
                return false;
            }
            String reservation = reservation(answer);
            if (!reservation.isEmpty()) {
                settlements.add(request(DOMAIN, settlement(reservation)));
            }
        }
        return !caller.call(settlements).contains(null);
    }

    /** Returns the reservation of an answer; empty where it has none. */
    static String reservation(byte[] answer) throws IOException {
        return RateLimitResponse.parseFrom(answer)
                .getDynamicMetadata()
                .getFieldsOrDefault(ReservedNames.METADATA_RESERVATION, Value.getDefaultInstance())
                .getStringValue();
    }

    private static Descriptor.Builder admission(int user) {
        return Descriptor.newBuilder().addEntries(entry("user", "warm-up-" + user));
    }

    private static Descriptor.Builder settlement(String reservation) {
        return Descriptor.newBuilder()
                .addEntries(entry(ReservedNames.RESERVATION, reservation))
                .addEntries(entry(ReservedNames.EVENT, "settle"));
    }

    private static byte[] request(String domain, Descriptor.Builder descriptor) {
        return RateLimitRequest.newBuilder()
                .setDomain(ByteString.copyFromUtf8(domain))
                .addDescriptors(descriptor)
                .build()
                .toByteArray();
    }

    private static Entry entry(String key, String value) {
        return Entry.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8(value))
                .build();
    }
}
