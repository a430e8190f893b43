package dev.weir.server;

import dev.weir.bucket.Buckets;
import dev.weir.bucket.Presence;
import dev.weir.bucket.StoreAddressException;
import dev.weir.bucket.StoreUnreachableException;
import dev.weir.bucket.memory.CalendarClock;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.bucket.redis.RedisBuckets;
import dev.weir.bucket.redis.RedisSettings;
import dev.weir.telemetry.Telemetry;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The store that the options name.
 *
 * @param redis the same buckets where they are in Redis, for what only that can do; null where they are in memory
 */
record Store(Buckets buckets, @Nullable RedisBuckets redis) {
    private static final int MOST_IN_MEMORY = 1_000_000;
    /** The size of a bucket with its name and its place in a table; measured, rounded up. */
    private static final int BYTES_PER_BUCKET = 1_000;

    /**
     * Opens it.
     *
     * @throws StoreAddressException if the setting that should say where Redis is does not, naming it
     * @throws StoreUnreachableException if Redis cannot be reached, or cannot be written to
     */
    static Store open(EffectiveOptions effective, Inputs inputs) throws IOException {
        ServerOptions.Store place = effective.store();
        if (!place.isRedis()) {
            LongSupplier now = monotonicMicros();
            LongSupplier system = () -> System.currentTimeMillis() * 1_000;
            return new Store(new MemoryBuckets(mostInMemory(), now, new CalendarClock(now, system)), null);
        }
        try {
            RedisBuckets redis = RedisBuckets.connect(
                    inputs.login().address(place.redis()),
                    new RedisSettings(
                            place.timeout(), inputs.authorities(), place.client(), place.prefix(), place.patience()));
            return new Store(redis, redis);
        } catch (StoreAddressException e) {
            throw new StoreAddressException(effective.storeFrom() + " is " + e.getMessage());
        }
    }

    /** Returns its buckets, measured. */
    Buckets watched(Telemetry telemetry) {
        if (redis != null) {
            RedisBuckets asked = redis;
            telemetry.watch(asked::isConnected, () -> asked.pending() != null);
            return telemetry.timed(buckets);
        }
        if (buckets instanceof MemoryBuckets memory) {
            telemetry.watch(memory);
        }
        return buckets;
    }

    Presence presence() {
        return redis == null ? Presence.ALONE : redis.presence();
    }

    /** Returns a line for those who look at readiness. Away from its store the service stays ready, since it says what it cannot answer. */
    String absence() {
        if (redis == null) {
            return "";
        }
        String absence = redis.absence();
        if (absence != null) {
            return "store: " + absence + "\n";
        }
        String pending = redis.pending();
        return pending == null
                ? ""
                : "store: the changed address, user or password does not work yet, the one before is in use: " + pending
                        + "\n";
    }

    @Override
    public String toString() {
        return redis == null ? "memory, at most " + mostInMemory() : "Redis";
    }

    /** Returns how many half of the heap holds, up to {@value #MOST_IN_MEMORY}. */
    private static int mostInMemory() {
        long fit = Runtime.getRuntime().maxMemory() / 2 / BYTES_PER_BUCKET;
        return (int) Math.min(MOST_IN_MEMORY, fit);
    }

    private static LongSupplier monotonicMicros() {
        long offset = System.currentTimeMillis() * 1_000 - System.nanoTime() / 1_000;
        return () -> offset + System.nanoTime() / 1_000;
    }
}
