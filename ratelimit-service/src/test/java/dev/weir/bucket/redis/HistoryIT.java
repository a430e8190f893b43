package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Buckets;
import dev.weir.bucket.oracle.Checker;
import dev.weir.bucket.oracle.Crowd;
import dev.weir.bucket.oracle.Demand;
import dev.weir.bucket.oracle.Transcript;
import dev.weir.testing.RealRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * R3.7, invariants 1, 2, 4 and 5: what 64 clients of three replicas are told, by the store's own order and time. Other runs:
 * {@code -Dweir.history.seed=100 -Dweir.history.runs=50}.
 */
class HistoryIT {
    private static final String REPEAT = "mvn verify -pl ratelimit-service -am -Dit.test=HistoryIT"
            + " -Dfailsafe.failIfNoSpecifiedTests=false -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false"
            + " -Dweir.history.runs=1 -Dweir.history.seed=";
    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final int TURNS = 120;

    private static RealRedis redis;
    private static RedisClient client;
    private static RedisCommands<String, String> commands;
    private static List<? extends Buckets> replicas;

    @BeforeAll
    static void startRedis() {
        redis = RealRedis.start();
        client = RedisClient.create(redis.url());
        commands = client.connect().sync();
        replicas = Stream.generate(() -> RedisBuckets.connect(redis.url(), PATIENT))
                .limit(3)
                .toList();
    }

    @AfterAll
    static void stopRedis() {
        replicas.forEach(Buckets::close);
        client.shutdown();
        redis.close();
    }

    @Test
    void allReplicasDecideAsOneThreadWould() {
        runs(Demand::forRequests, Checker.ofAdmissions());
    }

    @Test
    void settledOrUndoneByAnyReplicaEveryBoundHoldsAndEveryTokenIsAccountedFor() {
        runs(Demand::forEverything, Checker.ofSettlements());
    }

    private static void runs(LongFunction<Demand> demands, Checker checker) {
        long first = Long.getLong("weir.history.seed", 1);
        for (long seed = first; seed < first + Long.getLong("weir.history.runs", 2); seed++) {
            run(demands.apply(seed), checker, seed);
        }
    }

    private static void run(Demand demand, Checker checker, long seed) {
        commands.flushall();
        Transcript transcript = Crowd.run(replicas, demand, seed, TURNS);
        checker.check(transcript).ifPresent(violation -> {
            throw new AssertionError(
                    "seed " + seed + ": " + violation + "\nrepeat, as often as it takes: " + REPEAT + seed);
        });
        assertEquals(List.of(), commands.keys(demand.reservations() + "*"), "reservations left over");
        long fewer = Math.min(transcript.admitted(), transcript.refused());
        assertTrue(
                fewer > transcript.asked().size() / 5 && transcript.underWay() > replicas.size(),
                () -> "a dull run: " + transcript.admitted() + " admitted, " + transcript.refused() + " refused, "
                        + transcript.underWay() + " under way");
    }
}
