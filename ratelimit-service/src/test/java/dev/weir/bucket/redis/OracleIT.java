package dev.weir.bucket.redis;

import dev.weir.testing.RealRedis;
import org.junit.jupiter.api.Test;

/** As OracleTest, with a real Redis, which gets what happens in one moment at once. */
class OracleIT {
    @Test
    void redisAnswersAsTheModelDoes() {
        try (RealRedis redis = RealRedis.start()) {
            new ServerTrial(redis.url()).oracle("OracleIT", 10_000);
        }
    }
}
