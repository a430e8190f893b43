package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Settled;
import dev.weir.bucket.StoreAddressException;
import dev.weir.bucket.StoreUnreachableException;
import dev.weir.bucket.Usage;
import dev.weir.bucket.Vectors;
import dev.weir.bucket.oracle.ReferenceModel;
import dev.weir.bucket.oracle.Replay;
import dev.weir.bucket.oracle.Schedule;
import dev.weir.testing.Await;
import dev.weir.testing.Relay;
import io.lettuce.core.AclCategory;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What a server must show before the store may stand on it. */
record ServerTrial(String url) {
    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final int AT_ONCE = 2;
    private static final long MINUTE = 60_000_000;

    /** @param words that it must say about itself, lest the trial be of another server */
    void isReally(String words) {
        asAdministrator(commands -> {
            String info = commands.info("server");
            assertTrue(info.contains(words), info);
        });
    }

    void vectors() throws IOException {
        ManualClock clock = new ManualClock();
        try (Buckets buckets = RedisBuckets.connect(url, PATIENT, timeOf(clock))) {
            Vectors.all().forEach(vector -> Vectors.run(vector, buckets, clock));
        }
    }

    /**
     * Random schedules, answered as the model does.
     *
     * @param test whose name stands in the command that repeats a failure
     * @param atMost how many, if the command line does not say
     */
    void oracle(String test, long atMost) {
        String repeat = "mvn verify -pl ratelimit-service -am -Dit.test=" + test
                + " -Dfailsafe.failIfNoSpecifiedTests=false -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dweir.oracle.schedules=1 -Dweir.oracle.seed=";
        long first = Long.getLong("weir.oracle.seed", 1);
        long schedules = Long.getLong("weir.oracle.schedules", atMost);
        Replay.Tally tally = IntStream.range(0, AT_ONCE)
                .parallel()
                .mapToObj(part -> replay(
                        LongStream.iterate(first + part, seed -> seed < first + schedules, seed -> seed + AT_ONCE),
                        repeat))
                .reduce(new Replay.Tally(0, 0, 0), Replay.Tally::plus);
        assertTrue(schedules < 100 || tally.refused() > tally.admitted() / 4, "a dull run: " + tally);
    }

    /** By a clock of its own; schedules share no bucket. */
    private Replay.Tally replay(LongStream seeds, String repeat) {
        ManualClock clock = new ManualClock();
        try (Buckets buckets = RedisBuckets.connect(url, PATIENT, timeOf(clock))) {
            return seeds.mapToObj(seed -> Schedule.of(seed, ReferenceModel.Store.REDIS))
                    .map(schedule -> Replay.compare(schedule, buckets, clock, repeat))
                    .reduce(new Replay.Tally(0, 0, 0), Replay.Tally::plus);
        }
    }

    /** A password alone, and a user with a database who may do no more than the README says. */
    void credentials() {
        asAdministrator(commands -> {
            commands.aclSetuser(
                    "weir",
                    AclSetuserArgs.Builder.on()
                            .addPassword("s3cret")
                            .keyPattern("w1:*")
                            .addCategory(AclCategory.CONNECTION)
                            .addCategory(AclCategory.READ)
                            .addCategory(AclCategory.WRITE)
                            .addCategory(AclCategory.SCRIPTING)
                            .addCommand(CommandType.SELECT)
                            .addCommand(CommandType.TIME));
            String user = url.replace("redis://", "redis://weir:s3cret@");
            try (Buckets buckets = RedisBuckets.connect(user + "/3", PATIENT)) {
                holdAndSettle(buckets);
                assertThrows(CompletionException.class, () -> join(buckets.admit(request("else:{t}:user"))));
            }
            commands.select(3);
            assertEquals(List.of("w1:{t}:tokens"), commands.keys("*"));

            commands.configSet("requirepass", "0pen");
            String password = url.replace("redis://", "redis://:0pen@");
            try (Buckets buckets = RedisBuckets.connect(password, PATIENT)) {
                holdAndSettle(buckets);
            }
            isRefused(user.replace("s3cret", "wr0ng"));
            isRefused(password.replace("0pen", "wr0ng"));
            isRefused(user + "/99");
        });
    }

    private static void isRefused(String url) {
        StoreUnreachableException e =
                assertThrows(StoreUnreachableException.class, () -> RedisBuckets.connect(url, PATIENT), url);
        assertFalse(e.toString().contains("wr0ng") || e.toString().contains("s3cret"), e.toString());
    }

    /** Out of memory it admits nobody, and takes what is given back. */
    void fullServer() {
        asAdministrator(commands -> {
            try (Buckets buckets = RedisBuckets.connect(url, PATIENT)) {
                hold(buckets);
                commands.configSet("maxmemory", "1");
                assertThrows(CompletionException.class, () -> join(buckets.admit(request("w1:{t}:user"))));
                settle(buckets);
            }
        });
    }

    /** Before any key is asked for, as the first two domains may share a slot and later ones may not. */
    void refusedAsCluster() {
        StoreAddressException e = assertThrows(StoreAddressException.class, () -> RedisBuckets.connect(url, PATIENT));
        assertTrue(String.valueOf(e.getMessage()).startsWith("a Redis cluster"), e::toString);
        assertTrue(String.valueOf(e.getMessage()).contains("cluster-enabled no"), e::toString);
    }

    /** The replica takes over behind the same address, and the old master stays where it was, as a replica that answers. */
    void failOver(String replica) throws IOException {
        ServerTrial other = new ServerTrial(replica);
        int port = port();
        int otherPort = other.port();
        try (Relay relay = Relay.before(port);
                Buckets buckets = RedisBuckets.connect("redis://127.0.0.1:" + relay.port(), PATIENT)) {
            holdAndSettle(buckets);
            other.asAdministrator(commands -> commands.replicaof("127.0.0.1", port));
            other.asAdministrator(commands -> Await.until(
                    "the replica to be in step",
                    () -> commands.info("replication").contains("master_link_status:up")));
            assertThrows(StoreUnreachableException.class, () -> RedisBuckets.connect(replica, PATIENT));

            other.asAdministrator(RedisCommands::replicaofNoOne);
            asAdministrator(commands -> commands.replicaof("127.0.0.1", otherPort));
            relay.leadTo(otherPort);
            Await.until(
                    "the new master to be asked",
                    () -> !buckets.admit(request("w1:{t}:user"))
                            .toCompletableFuture()
                            .handle((outcome, failure) -> failure != null)
                            .join());
            other.asAdministrator(commands -> assertEquals(1, commands.exists("w1:{t}:user")));
        }
    }

    private int port() {
        return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    }

    private void asAdministrator(Consumer<RedisCommands<String, String>> work) {
        try (RedisClient client = RedisClient.create(url)) {
            work.accept(client.connect().sync());
        }
    }

    private static Supplier<String> timeOf(ManualClock clock) {
        return () -> Long.toString(clock.getAsLong());
    }

    private static void holdAndSettle(Buckets buckets) {
        hold(buckets);
        settle(buckets);
    }

    private static void hold(Buckets buckets) {
        Charge tokens = new Charge("w1:{t}:tokens", new Algorithm.SlidingWindow(100, MINUTE), 90, EndAction.SETTLE);
        assertInstanceOf(
                Outcome.Admitted.class,
                join(buckets.admit(new Admission(List.of(tokens), "w1:{t}/reservation:a", MINUTE))));
    }

    private static void settle(Buckets buckets) {
        assertEquals(
                new Settled(Settled.Kind.SETTLED, 90, 10), join(buckets.settle("w1:{t}/reservation:a", Usage.of(10))));
    }

    private static Admission request(String bucket) {
        Charge request = new Charge(bucket, new Algorithm.SlidingWindow(20, MINUTE), 1, EndAction.KEEP);
        return new Admission(List.of(request), null, 0);
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
