package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import dev.weir.measure.Amounts;
import dev.weir.measure.Measure;
import dev.weir.testing.RealRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Replicas of two versions on one Redis, as during an update, settle each other's reservations. The scripts in {@code version1} are those
 * of the version whose reservations knew no measures, as they were.
 */
class RollingUpdateIT {
    private static final long NOW = 1_800_000_000L * 1_000_000;
    private static final long MINUTE = 60_000_000;
    private static final Algorithm HUNDRED = new Algorithm.SlidingWindow(100, MINUTE);
    private static final String RESERVATION = "w1:{t}/reservation:a";
    private static final Charge REQUEST = new Charge("w1:{t}:requests", HUNDRED, 1, EndAction.KEEP);
    private static final Charge TOKENS = new Charge("w1:{t}:tokens", HUNDRED, 60, EndAction.SETTLE);
    private static final Charge SLOT =
            new Charge("w1:{t}:slots", new Algorithm.Parallel(5, MINUTE), 1, EndAction.RELEASE);
    private static final Charge PROMPT =
            new Charge("w1:{t}:prompt", HUNDRED, Measure.PROMPT_TOKENS, 40, EndAction.SETTLE, false);
    private static final List<Charge> OF_BOTH = List.of(REQUEST, TOKENS, SLOT);

    private static RealRedis redis;
    private static RedisClient client;
    private static RedisCommands<String, byte[]> commands;

    private final ManualClock clock = new ManualClock();
    private Buckets buckets;

    @BeforeAll
    static void startRedis() {
        redis = RealRedis.start();
        client = RedisClient.create(redis.url());
        commands = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))
                .sync();
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
    void theNewVersionSettlesWhatTheOldOneReserved() throws IOException {
        oldAdmits(OF_BOTH);

        assertEquals(new Settled(Settled.Kind.SETTLED, 60, 17), settle(Usage.of(17)));
        assertEquals(List.of(1L, 17L, 0L), used(OF_BOTH));
        assertEquals(Settled.UNKNOWN, settle(Usage.of(17)));
    }

    @Test
    void theNewVersionTellsTheOldOnesTokensFromTheirParts() throws IOException {
        oldAdmits(OF_BOTH);

        Amounts parts = Amounts.of(Measure.PROMPT_TOKENS, 20).and(Measure.COMPLETION_TOKENS, 5);
        assertEquals(new Settled(Settled.Kind.SETTLED, 60, 25), settle(new Usage.Known(parts)));
        assertEquals(List.of(1L, 25L, 0L), used(OF_BOTH));
    }

    @Test
    void theNewVersionUndoesAndVacatesWhatTheOldOneReserved() throws IOException {
        oldAdmits(OF_BOTH);

        assertEquals(true, buckets.vacate(RESERVATION).toCompletableFuture().join());
        assertEquals(List.of(1L, 60L, 0L), used(OF_BOTH));
        settle(Usage.UNDONE);
        assertEquals(List.of(0L, 0L, 0L), used(OF_BOTH));
    }

    @Test
    void theOldVersionSettlesWhatTheNewOneReserved() throws IOException {
        newAdmits(OF_BOTH);

        oldSettles(1, 17);
        assertEquals(List.of(1L, 17L, 0L), used(OF_BOTH));
        assertEquals(Settled.UNKNOWN, settle(Usage.of(17)));
    }

    @Test
    void theOldVersionKeepsWhatTheNewOneReserved() throws IOException {
        newAdmits(OF_BOTH);

        oldSettles(0, 0);
        assertEquals(List.of(1L, 60L, 0L), used(OF_BOTH));
    }

    @Test
    void eachMeasureIsSettledByItsOwnAmountAndStandsWithoutOne() {
        List<Charge> charges = List.of(TOKENS, PROMPT);
        newAdmits(charges);
        assertEquals(new Settled(Settled.Kind.SETTLED, 60, 60), settle(prompt(7)));
        assertEquals(List.of(60L, 7L), used(charges));

        commands.flushall();
        newAdmits(charges);
        settle(Usage.of(0));
        assertEquals(List.of(0L, 40L), used(charges));
    }

    @Test
    void anAmountThatNoLimitHoldsChangesNothing() {
        newAdmits(OF_BOTH);

        settle(prompt(7));
        assertEquals(List.of(1L, 60L, 0L), used(OF_BOTH));
    }

    @Test
    void aReservationOfALaterVersionIsLeftToThoseWhoKnowIt() {
        commands.eval(
                "redis.call('SET', KEYS[1], cmsgpack.pack({version = 3, 'whatever'})) return ''",
                ScriptOutputType.VALUE,
                RESERVATION);

        assertEquals(Settled.UNKNOWN, settle(Usage.of(17)));
        assertEquals(1, commands.exists(RESERVATION));
    }

    private static Usage prompt(long tokens) {
        return new Usage.Known(Amounts.of(Measure.PROMPT_TOKENS, tokens));
    }

    private void newAdmits(List<Charge> charges) {
        assertInstanceOf(Outcome.Admitted.class, admit(charges, RESERVATION));
    }

    private Outcome admit(List<Charge> charges, String reservation) {
        return buckets.admit(new Admission(charges, reservation, MINUTE))
                .toCompletableFuture()
                .join();
    }

    private Settled settle(Usage usage) {
        return buckets.settle(RESERVATION, usage).toCompletableFuture().join();
    }

    private List<Long> used(List<Charge> charges) {
        List<Charge> nothing = charges.stream()
                .map(charge -> new Charge(charge.bucket(), charge.algorithm(), 0, EndAction.KEEP))
                .toList();
        return ((Outcome.Admitted) admit(nothing, null))
                .levels().stream().map(level -> level.used()).toList();
    }

    /** As the old version called its script: the strings come first, and a charge ends as its code says. */
    private static void oldAdmits(List<Charge> charges) throws IOException {
        String[] keys = {
            charges.get(0).bucket(), charges.get(1).bucket(), charges.get(2).bucket(), RESERVATION
        };
        double[] request = new double[4 + 5 * charges.size()];
        request[0] = charges.size();
        request[2] = keys.length;
        request[3] = MINUTE / 1_000.0;
        for (int i = 0; i < charges.size(); i++) {
            Charge charge = charges.get(i);
            int at = 4 + 5 * i;
            request[at] = i + 1;
            request[at + 1] = i + 1;
            request[at + 2] = charge.algorithm().most();
            request[at + 3] = charge.amount();
            request[at + 4] = i;
        }
        byte[] figures =
                AlgorithmCodec.of(charges.stream().map(Charge::algorithm).toList(), Long.toString(NOW));
        byte[] answer = oldScript("admit.lua", keys, text(Long.toString(NOW)), text("2"), figures, doubles(request));
        assertEquals(1, ByteBuffer.wrap(answer).getDouble());
    }

    private static void oldSettles(double known, double amount) throws IOException {
        byte[] answer =
                oldScript("settle.lua", new String[] {RESERVATION}, text(Long.toString(NOW)), doubles(known, amount));
        assertEquals(1, ByteBuffer.wrap(answer).getDouble());
    }

    private static byte[] oldScript(String last, String[] keys, byte[]... arguments) throws IOException {
        StringBuilder script = new StringBuilder();
        for (String same : List.of("sliding_window", "token_bucket", "fixed_window", "counter", "slots")) {
            script.append(resource(same + ".lua"));
        }
        script.append(resource("version1/buckets.lua")).append(resource("version1/" + last));
        return commands.eval(script.toString(), ScriptOutputType.VALUE, keys, arguments);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = RollingUpdateIT.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] doubles(double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
        for (double value : values) {
            bytes.putDouble(value);
        }
        return bytes.array();
    }
}
