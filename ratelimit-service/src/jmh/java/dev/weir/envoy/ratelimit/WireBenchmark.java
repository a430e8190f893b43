package dev.weir.envoy.ratelimit;

import dev.weir.bucket.Buckets;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.decide.Decider;
import dev.weir.decide.Decision;
import dev.weir.envoy.Calls;
import dev.weir.envoy.call.InvalidRequestException;
import dev.weir.policy.Limit;
import dev.weir.policy.Policies;
import dev.weir.wire.RateLimitRequest;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Envoy's call of five entries from bytes to a request; an answer about four limits from a decision to bytes; and, between the two,
 * the whole decision in memory.
 *
 * <p>{@code ratelimit-service/bench/jmh WireBenchmark}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class WireBenchmark {
    private static final String POLICY = """
            domain: bench
            limits:
              - {name: key, tier: key, per: [key], allow: 1000000000000 requests / 1m}
              - {name: user, tier: user, per: [user], allow: 1000000000000 requests / 1m}
              - {name: team, tier: team, per: [team], allow: 1000000000000 requests / 1m}
              - {name: everybody, tier: global, allow: %s}
            """;

    private final Buckets buckets = new MemoryBuckets(1_000, () -> System.nanoTime() / 1_000);
    private final RateLimitRequest call = Calls.request(
            "bench",
            Calls.descriptor("key", "key-1", "user", "user-1", "team", "team-1", "model", "gpt", "max_tokens", "10"));
    private final byte[] bytes = call.toByteArray();
    private final Decider decider = decider("1000000000000 requests / 1m");
    private Decision.Allowed allowed;
    private Decision.Allowed reserved;
    private Decision.Refused refused;

    @Setup
    public void decideOnce() throws InvalidRequestException {
        allowed = (Decision.Allowed) decision(decider);
        reserved = (Decision.Allowed) decision(decider("1000000000000 tokens / 1m, estimate: 10"));
        refused = (Decision.Refused) decision(decider("0 requests / 1m"));
    }

    private Decider decider(String last) {
        return new Decider(Policies.of(POLICY.formatted(last)), buckets, Limit.RESERVATION);
    }

    private Decision decision(Decider by) throws InvalidRequestException {
        return by.decide(RequestReader.read(bytes).request())
                .toCompletableFuture()
                .join();
    }

    @Benchmark
    public Object read() throws InvalidRequestException {
        return RequestReader.read(bytes);
    }

    @Benchmark
    public Object readAndDecide() throws InvalidRequestException {
        return decider.decide(RequestReader.read(bytes).request());
    }

    @Benchmark
    public byte[] writeAllowed() {
        return ResponseWriter.allowed(allowed, 1);
    }

    @Benchmark
    public byte[] writeReserved() {
        return ResponseWriter.allowed(reserved, 1);
    }

    @Benchmark
    public byte[] writeRefused() {
        return ResponseWriter.refused(refused, 1);
    }
}
