package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import dev.weir.testing.RealRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What is not a reservation hurts its own settlement, and none that goes to Redis with it. */
class ForeignReservationIT {
    @Test
    void othersOfTheSameBatchAreSettled() {
        try (RealRedis redis = RealRedis.start();
                Buckets buckets = RedisBuckets.connect(redis.url(), Duration.ofSeconds(5))) {
            RedisClient client = RedisClient.create(redis.url());
            client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))
                    .sync()
                    .set("w1:{t}/reservation:foreign", new byte[] {(byte) 0x92, 1, 2});
            Charge tokens =
                    new Charge("w1:{t}:tokens", new Algorithm.SlidingWindow(100, 60_000_000), 10, EndAction.SETTLE);
            String good = "w1:{t}/reservation:good";
            buckets.admit(new Admission(List.of(tokens), good, 60_000_000))
                    .toCompletableFuture()
                    .join();

            buckets.settle("w1:{t}/reservation:first", Usage.UNKNOWN); // Under way, so that the next two go together.
            CompletionStage<Settled> foreign = buckets.settle("w1:{t}/reservation:foreign", Usage.UNKNOWN);
            CompletionStage<Settled> settled = buckets.settle(good, Usage.of(1));
            foreign.handle((done, failure) -> done).toCompletableFuture().join();

            assertEquals(
                    Settled.Kind.SETTLED, settled.toCompletableFuture().join().kind());
            client.shutdown();
        }
    }
}
