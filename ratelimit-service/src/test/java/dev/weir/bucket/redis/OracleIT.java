package dev.weir.bucket.redis;

import dev.weir.testing.RealRedis;
import org.junit.jupiter.api.Test;

/** As OracleTest, with a real Redis. */
class OracleIT {
    @Test
    void redisAnswersAsTheModelDoes() {
        try (RealRedis redis = RealRedis.start()) {
            new ServerTrial(redis.url()).oracle("OracleIT", 300);
        }
    }
}
