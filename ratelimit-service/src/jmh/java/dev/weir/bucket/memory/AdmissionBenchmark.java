package dev.weir.bucket.memory;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One request to its four buckets in memory: key, user, team and everybody. Threads have users of their own, in two teams.
 *
 * <p>{@code ratelimit-service/bench/jmh AdmissionBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class AdmissionBenchmark {
    private static final long HOUR = 3_600_000_000L;

    /** What all threads share. */
    @State(Scope.Benchmark)
    public static class Store {
        private final MemoryBuckets buckets = new MemoryBuckets(1_000, () -> System.nanoTime() / 1_000);
        private final AtomicInteger threads = new AtomicInteger();
    }

    /** Four users, who take turns. */
    @State(Scope.Thread)
    public static class Users {
        private static final int COUNT = 4;

        private final List<Admission> requests = new ArrayList<>();
        private final List<Admission> reserving = new ArrayList<>();
        private int turn;

        @Setup
        public void fill(Store store) {
            int first = COUNT * store.threads.getAndIncrement();
            for (int user = first; user < first + COUNT; user++) {
                requests.add(admission(user, EndAction.KEEP));
                reserving.add(admission(user, EndAction.SETTLE));
            }
        }

        private static Admission admission(int user, EndAction last) {
            List<Charge> charges = List.of(
                    charge("key", "key-" + user, EndAction.KEEP),
                    charge("user", "user-" + user, EndAction.KEEP),
                    charge("team", "team-" + user % 2, EndAction.KEEP),
                    charge("everybody", "", last));
            return new Admission(charges, last == EndAction.KEEP ? null : "w1:{bench}/reservation:" + user, HOUR);
        }

        private static Charge charge(String limit, String value, EndAction atEnd) {
            Algorithm algorithm = new Algorithm.SlidingWindow(1_000_000_000_000L, 60_000_000);
            return new Charge("w1:{bench}:" + limit + ":" + algorithm.id() + ":" + value, algorithm, 1, atEnd);
        }

        private Admission next(List<Admission> of) {
            return of.get(turn++ & (COUNT - 1));
        }
    }

    @Benchmark
    @Threads(1)
    public Object admit1Thread(Store store, Users users) {
        return store.buckets.admit(users.next(users.requests));
    }

    @Benchmark
    @Threads(2)
    public Object admit2Threads(Store store, Users users) {
        return store.buckets.admit(users.next(users.requests));
    }

    @Benchmark
    @Threads(1)
    public Object reserveAndSettle1Thread(Store store, Users users) {
        return reserveAndSettle(store, users);
    }

    @Benchmark
    @Threads(2)
    public Object reserveAndSettle2Threads(Store store, Users users) {
        return reserveAndSettle(store, users);
    }

    private static Object reserveAndSettle(Store store, Users users) {
        Admission admission = users.next(users.reserving);
        store.buckets.admit(admission);
        return store.buckets.settle(String.valueOf(admission.reservation()), Usage.of(1));
    }
}
