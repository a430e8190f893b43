package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Buckets;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.oracle.ReferenceModel;
import dev.weir.bucket.oracle.Replay;
import dev.weir.bucket.oracle.Schedule;
import dev.weir.testing.RealRedis;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** As OracleTest, with a real Redis. */
class OracleIT {
    private static final String REPEAT = "mvn verify -pl ratelimit-service -am -Dit.test=OracleIT"
            + " -Dfailsafe.failIfNoSpecifiedTests=false -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false"
            + " -Dweir.oracle.schedules=1 -Dweir.oracle.seed=";

    @Test
    void redisAnswersAsTheModelDoes() {
        long first = Long.getLong("weir.oracle.seed", 1);
        long schedules = Long.getLong("weir.oracle.schedules", 300);
        Replay.Tally tally = new Replay.Tally(0, 0, 0);
        ManualClock clock = new ManualClock();
        try (RealRedis redis = RealRedis.start();
                Buckets buckets = RedisBuckets.connect(
                        redis.url(), Duration.ofSeconds(10), () -> Long.toString(clock.getAsLong()))) {
            for (long seed = first; seed < first + schedules; seed++) {
                Schedule schedule = Schedule.of(seed, ReferenceModel.Store.REDIS);
                tally = tally.plus(Replay.compare(schedule, buckets, clock, REPEAT));
            }
        }
        assertTrue(schedules < 100 || tally.refused() > tally.admitted() / 4, "a dull run: " + tally);
    }
}
