package dev.weir.policy;

import dev.weir.request.Attributes;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What it costs to find the limits of a request among many: three that everybody meets, and one of those that are each for one team.
 *
 * <p>{@code ratelimit-service/bench/jmh MatchingBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class MatchingBenchmark {
    private static final int FOR_EVERYBODY = 3;

    @Param({"10", "100", "1000"})
    public int limits;

    /** What a limit for one team asks for; the second names a value that all of these limits share. */
    @Param({"team", "environment, team"})
    public String when;

    private LimitIndex index;
    private final Attributes attributes = Attributes.of(
            "key",
            "key-1",
            "user",
            "user-1",
            "team",
            "team-5",
            "environment",
            "prod",
            "model",
            "gpt",
            "max_tokens",
            "10");

    @Setup
    public void write() {
        StringBuilder policy = new StringBuilder("""
                domain: bench
                limits:
                  - {name: key, tier: key, per: [key], allow: 100 requests / 1m}
                  - {name: user, tier: user, per: [user], allow: 100 requests / 1m}
                  - {name: everybody, tier: global, allow: 100 requests / 1m}
                """);
        for (int i = 0; i < limits - FOR_EVERYBODY; i++) {
            policy.append(
                    "  - {name: team-" + i + ", tier: team, per: [team], allow: 100 requests / 1m, when: {team: team-"
                            + i + (when.contains("environment") ? ", environment: prod" : "") + "}}\n");
        }
        index = Policies.domain(policy.toString()).index();
    }

    @Benchmark
    public void match(Blackhole found) {
        index.match(attributes, found::consume);
    }
}
