package dev.weir.envoy.authz;

import com.google.protobuf.ByteString;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.decide.Decider;
import dev.weir.decide.Decision;
import dev.weir.envoy.call.InvalidRequestException;
import dev.weir.envoy.call.WireMessage;
import dev.weir.envoy.call.WireMethods;
import dev.weir.identity.Caller;
import dev.weir.policy.Limit;
import dev.weir.policy.Policies;
import dev.weir.policy.Policy;
import dev.weir.request.Request;
import dev.weir.wire.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A Check of a domain with {@code admit: true}, from its bytes over four limits in memory to the bytes of its answer, once it is known who calls.
 *
 * <p>{@code ratelimit-service/bench/jmh CheckBenchmark}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class CheckBenchmark {
    private static final Set<String> NAMES = Set.copyOf(Caller.ATTRIBUTES);
    private final Policy policy = Policies.of("""
            domain: bench
            admit: true
            limits:
              - {name: key, tier: key, per: [key], allow: 1000000000000 requests / 1m}
              - {name: user, tier: user, per: [user], allow: 1000000000000 requests / 1m}
              - {name: team, tier: team, per: [team], allow: 1000000000000 requests / 1m}
              - {name: everybody, tier: global, allow: 1000000000000 requests / 1m}
            """);

    private final Decider decider =
            new Decider(policy, new MemoryBuckets(1_000, () -> System.nanoTime() / 1_000), Limit.RESERVATION);
    private final Caller caller = new Caller(Map.of("key", "key-1", "user", "user-1", "team", "team-1"));
    private final byte[] bytes = call().toByteArray();
    private final CheckResponse known = CheckResponse.getDefaultInstance();

    private static CheckRequest call() {
        CheckRequest.Builder call = CheckRequest.newBuilder();
        CheckRequest.Http.Builder http =
                call.getAttributesBuilder().getRequestBuilder().getHttpBuilder();
        http.setMethod(bytes("POST")).setPath(bytes("/v1/chat/completions")).setHost(bytes("llm.example"));
        for (String[] header : new String[][] {
            {"x-api-key", "0123456789abcdef"},
            {"content-type", "application/json"},
            {"content-length", "312"},
            {"user-agent", "client/1.0"},
            {"x-request-id", "0d8f3a0e-6a52-4b7c-8e6f-6f1d2c3b4a59"}
        }) {
            http.getHeaderMapBuilder()
                    .addHeadersBuilder()
                    .setKey(bytes(header[0]))
                    .setRawValue(bytes(header[1]));
        }
        return call.build();
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    @Benchmark
    public byte[] check() throws InvalidRequestException {
        WireMessage<CheckRequest> wire = WireMethods.CHECK.parseRequest(new ByteArrayInputStream(bytes));
        CheckRequest message = Objects.requireNonNull(wire.message());
        Request request = Objects.requireNonNull(AdmissionReader.read(message, caller, NAMES, policy));
        Decision decision = decider.decide(request).toCompletableFuture().join();
        return AdmissionWriter.write(decision, known).toByteArray();
    }
}
