package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Periods;
import dev.weir.bucket.Usage;
import dev.weir.testing.RealRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a version that knew no debts has left in Redis, written as it wrote it, is read and settled. */
class EarlierVersionIT {
    private static final String BUCKET = "w1:{t}:tokens";
    private static final String RESERVATION = "w1:{t}/reservation:a";
    private static final long MINUTE = 60_000_000;
    private static final long NOW = 1_800_000_000L * 1_000_000;

    private static RealRedis redis;
    private static RedisClient client;
    private static RedisCommands<String, String> commands;

    private final ManualClock clock = new ManualClock();
    private Buckets buckets;

    @BeforeAll
    static void startRedis() {
        redis = RealRedis.start();
        client = RedisClient.create(redis.url());
        commands = client.connect().sync();
    }

    @AfterAll
    static void stopRedis() {
        client.shutdown();
        redis.close();
    }

    @BeforeEach
    void connect() {
        commands.flushall();
        clock.set(NOW);
        buckets = RedisOnAClock.connect(redis.url(), clock);
    }

    @AfterEach
    void disconnect() {
        buckets.close();
    }

    @Test
    void aSlidingWindowAndItsReservation() {
        Algorithm figures = new Algorithm.SlidingWindow(100, MINUTE);
        write("struct.pack('>dddd', %1$d, 60, %1$d / 1e6, 60)", "struct.pack('>ddddd', 1, 1e6, 0, 0, 0)", "%1$d / 1e6");

        assertEquals(new BucketStatus(60, 60_999_999, 0), ask(figures));
        settle(160);
        assertEquals(160, ask(figures).used());
        clock.set(NOW + 62_000_000);
        assertEquals(0, ask(figures).used(), "its limit was not written down, so nothing was owed");
    }

    @Test
    void aFixedWindowAndItsReservation() {
        Algorithm figures = new Algorithm.FixedWindow(100, new Periods.Every(MINUTE));
        write("struct.pack('>dddd', %1$d, 60, %1$d, %1$d + 60e6)", "struct.pack('>ddddd', 3, 60e6, 0, 0, 0)", "%1$d");

        assertEquals(new BucketStatus(60, MINUTE, 0), ask(figures));
        settle(160);
        assertEquals(160, ask(figures).used());
        clock.set(NOW + MINUTE);
        assertEquals(0, ask(figures).used());
    }

    @Test
    void aCalendarsReservation() {
        Algorithm figures = new Algorithm.FixedWindow(100, new Periods.Calendar(ChronoUnit.DAYS, ZoneId.of("UTC")));
        String day = "%1$d - %1$d %% 86400e6";
        write(
                "struct.pack('>dddd', %1$d, 60, " + day + ", " + day + " + 86400e6)",
                "struct.pack('>ddddd', 3, 0, " + day + ", " + day + " + 86400e6, " + day + " + 172800e6)",
                day);

        settle(20);
        assertEquals(20, ask(figures).used());
        clock.set(NOW + 86_400 * 1_000_000L);
        assertEquals(0, ask(figures).used());
    }

    private static void write(String bucket, String figures, String mark) {
        String script = ("redis.call('SET', KEYS[1], " + bucket
                        + ") redis.call('SET', KEYS[2], cmsgpack.pack({{KEYS[1], " + figures + ", " + mark
                        + ", 60, 1}}))")
                .formatted(NOW);
        commands.eval(script, ScriptOutputType.STATUS, BUCKET, RESERVATION);
    }

    private void settle(long tokens) {
        buckets.settle(RESERVATION, Usage.of(tokens)).toCompletableFuture().join();
    }

    private BucketStatus ask(Algorithm figures) {
        Charge nothing = new Charge(BUCKET, figures, 0, EndAction.KEEP);
        Outcome outcome = buckets.admit(new Admission(List.of(nothing), null, 0))
                .toCompletableFuture()
                .join();
        return outcome instanceof Outcome.Refused refused
                ? refused.levels().get(0)
                : assertInstanceOf(Outcome.Admitted.class, outcome).levels().get(0);
    }
}
