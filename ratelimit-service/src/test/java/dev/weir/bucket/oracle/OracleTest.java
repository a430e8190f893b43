package dev.weir.bucket.oracle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Buckets;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.memory.MemoryBuckets;
import org.junit.jupiter.api.Test;

/**
 * Invariants 1, 2, 4 and 5: the buckets in memory answer as the documents say, in ten thousand schedules. Others:
 * {@code mvn test -pl ratelimit-service -am -Dtest=OracleTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dweir.oracle.seed=10001 -Dweir.oracle.schedules=100000}.
 */
class OracleTest {
    private static final String REPEAT = "mvn test -pl ratelimit-service -am -Dtest=OracleTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dweir.oracle.schedules=1 -Dweir.oracle.seed=";

    @Test
    void memoryAnswersAsTheModelDoes() {
        long first = Long.getLong("weir.oracle.seed", 1);
        long schedules = Long.getLong("weir.oracle.schedules", 10_000);
        Replay.Tally tally = new Replay.Tally(0, 0, 0);
        for (long seed = first; seed < first + schedules; seed++) {
            ManualClock clock = new ManualClock();
            try (Buckets memory = new MemoryBuckets(1_000_000, clock)) {
                Schedule schedule = Schedule.of(seed, ReferenceModel.Store.MEMORY);
                tally = tally.plus(Replay.compare(schedule, memory, clock, REPEAT));
            }
        }
        assertTrue(schedules < 100 || tally.refused() > tally.admitted() / 4, "a dull run: " + tally);
    }
}
