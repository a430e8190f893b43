package dev.weir.bucket.memory;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Periods;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import java.util.List;
import java.util.concurrent.CompletionStage;
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
 * One admission to one bucket in memory, by algorithm; a slot is also given back, or there would be more and more of them.
 *
 * <p>{@code ratelimit-service/bench/jmh AlgorithmBenchmark}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class AlgorithmBenchmark {
    private static final long HUGE = 1_000_000_000_000L;
    private static final long MINUTE = 60_000_000;
    private static final long HOUR = 60 * MINUTE;
    private static final String RESERVATION = "w1:{bench}/reservation:1";

    private final MemoryBuckets buckets = new MemoryBuckets(1_000, () -> System.nanoTime() / 1_000);
    private final Admission sliding = admission(new Algorithm.SlidingWindow(HUGE, MINUTE), EndAction.KEEP);
    private final Admission refilling = admission(Algorithm.TokenBucket.of(HUGE, MINUTE, HUGE), EndAction.KEEP);
    private final Admission fixed =
            admission(new Algorithm.FixedWindow(HUGE, new Periods.Every(MINUTE)), EndAction.KEEP);
    private final Admission parallel = admission(new Algorithm.Parallel(HUGE, HOUR), EndAction.RELEASE);

    private static Admission admission(Algorithm algorithm, EndAction atEnd) {
        Charge charge = new Charge("w1:{bench}:user:" + algorithm.id() + ":user-1", algorithm, 1, atEnd);
        return new Admission(List.of(charge), atEnd == EndAction.KEEP ? null : RESERVATION, HOUR);
    }

    @Benchmark
    public Object slidingWindow() {
        return buckets.admit(sliding);
    }

    @Benchmark
    public Object tokenBucket() {
        return buckets.admit(refilling);
    }

    @Benchmark
    public Object fixedWindow() {
        return buckets.admit(fixed);
    }

    @Benchmark
    public CompletionStage<Settled> parallelTakenAndFreed() {
        buckets.admit(parallel);
        return buckets.settle(RESERVATION, Usage.UNKNOWN);
    }
}
