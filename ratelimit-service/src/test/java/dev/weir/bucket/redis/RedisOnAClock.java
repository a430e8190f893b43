package dev.weir.bucket.redis;

import dev.weir.bucket.Buckets;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Buckets in a real Redis that goes by a clock of the test's. */
public final class RedisOnAClock {
    private RedisOnAClock() {}

    public static Buckets connect(String url, LongSupplier nowMicros) {
        return RedisBuckets.connect(url, Duration.ofSeconds(10), () -> Long.toString(nowMicros.getAsLong()));
    }
}
