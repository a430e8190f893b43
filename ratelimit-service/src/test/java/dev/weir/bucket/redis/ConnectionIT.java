package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.StoreUnreachableException;
import dev.weir.bucket.Usage;
import dev.weir.testing.Await;
import dev.weir.testing.RealRedis;
import dev.weir.testing.Relay;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** R3.7: connections to a real Redis that break, hang or no longer serve are replaced. */
@Timeout(60)
class ConnectionIT {
    private static final Duration TIMEOUT = Duration.ofMillis(300);
    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final Admission REQUEST = new Admission(
            List.of(new Charge("w1:{t}:user", new Algorithm.SlidingWindow(1_000_000, 60_000_000), 1, EndAction.KEEP)),
            null,
            0);

    private static RealRedis redis;

    @BeforeAll
    static void start() {
        redis = RealRedis.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void flush() {
        redis.flush();
        redis.tell("ACL SETUSER weir reset on >0ne ~w1:* +@connection +@read +@write +@scripting +select +time");
    }

    @Test
    void oneDroppedConnectionIsReplacedSoonerThanTheOldPauseOfHalfASecond() {
        try (RedisBuckets buckets = RedisBuckets.connect(redis.url(), PATIENT)) {
            admit(buckets);
            long start = System.nanoTime();
            redis.tell("CLIENT KILL TYPE normal SKIPME yes");
            Await.until("the end of the connection", () -> !buckets.isConnected() || !isAdmitted(buckets));
            Await.until("another connection", () -> isAdmitted(buckets));
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis < 400, millis + " ms");
        }
    }

    @Test
    void aConnectionThatHangsIsGivenUpAfterThreeCallsAndWhatWasSentIsNotSentAgain() throws Exception {
        try (Relay relay = Relay.before(redis.port());
                RedisBuckets buckets = RedisBuckets.connect("redis://127.0.0.1:" + relay.port(), TIMEOUT)) {
            admit(buckets);
            relay.silence();
            for (int i = 0; i < 3; i++) {
                assertFalse(isAdmitted(buckets));
            }
            Await.until("another connection", () -> isAdmitted(buckets));
            long used = admit(buckets, REQUEST).levels().get(0).used();
            assertEquals(6, used, "one before, three without an answer, each charged once, and two after");
        }
    }

    @Test
    void anAdmissionWhoseUndoingDidNotArriveIsUndoneAllTheSame() throws Exception {
        Charge tokens =
                new Charge("w1:{t}:tokens", new Algorithm.SlidingWindow(100, 3_600_000_000L), 70, EndAction.SETTLE);
        try (Relay relay = Relay.before(redis.port());
                RedisBuckets buckets = RedisBuckets.connect("redis://127.0.0.1:" + relay.port(), TIMEOUT)) {
            admit(buckets, new Admission(List.of(tokens), "w1:{t}/reservation:1", 3_600_000_000L));
            relay.swallow();
            assertThrows(
                    CompletionException.class,
                    () -> buckets.settle("w1:{t}/reservation:1", Usage.UNDONE)
                            .toCompletableFuture()
                            .join());
            relay.cut();
            Await.until("another connection", () -> isAdmitted(buckets));

            Charge look = new Charge(tokens.bucket(), tokens.algorithm(), 0, EndAction.KEEP);
            Await.until(
                    "the tokens",
                    () -> admit(buckets, new Admission(List.of(look), null, 0))
                                    .levels()
                                    .get(0)
                                    .used()
                            == 0);
        }
    }

    @Test
    void aPasswordThatIsRefusedIsToldWithRedissWordsAndWithoutThePassword() {
        String url = redis.url().replace("redis://", "redis://weir:0ne@");
        try (RedisBuckets buckets = RedisBuckets.connect(url, PATIENT)) {
            redis.tell("ACL SETUSER weir resetpass >tw0");
            admit(buckets);
            redis.tell("CLIENT KILL TYPE normal SKIPME yes");
            Await.until("Redis's words", () -> String.valueOf(buckets.absence()).contains("WRONGPASS"));
            assertFalse(String.valueOf(buckets.absence()).contains("0ne"), buckets::absence);
            assertFalse(isAdmitted(buckets));
            redis.tell("ACL SETUSER weir >0ne");
            Await.until("the way back", () -> isAdmitted(buckets));
            assertNull(buckets.absence());
        }
    }

    @Test
    void anotherPasswordIsUsedFromWhenItIsGivenAndNoCallFailsMeanwhile() {
        String url = redis.url().replace("redis://", "redis://weir@");
        RedisAddress old = new RedisAddress(url, "weir", "0ne");
        try (RedisBuckets buckets = RedisBuckets.connect(old, RedisSettings.of(PATIENT))) {
            String before = connections();
            redis.tell("ACL SETUSER weir resetpass >tw0");
            buckets.use(new RedisAddress(url, "weir", "tw0"));
            Await.until("another connection", () -> {
                admit(buckets);
                return !connections().equals(before) && connections().length() == before.length();
            });
        }
    }

    /** The numbers of the connections of the user weir. */
    private static String connections() {
        return redis.tell("CLIENT LIST")
                .lines()
                .filter(line -> line.contains(" user=weir "))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList()
                .toString();
    }

    @Test
    void aPortThatAcceptsAndSaysNothingEndsTheStart() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            long start = System.nanoTime();
            StoreUnreachableException e = assertThrows(
                    StoreUnreachableException.class,
                    () -> RedisBuckets.connect("redis://127.0.0.1:" + silent.getLocalPort(), PATIENT));
            assertTrue(String.valueOf(e.getMessage()).contains("it answered nothing for too long"), e::toString);
            assertTrue(System.nanoTime() - start < 6_000_000_000L, "too late");
        }
    }

    @Test
    void withPatienceTheStartWaitsForRedis() throws Exception {
        int port = RealRedis.freePort();
        RedisSettings patient = new RedisSettings(PATIENT, List.of(), null, "", Duration.ofSeconds(30));
        CompletableFuture<RedisBuckets> starting = CompletableFuture.supplyAsync(
                () -> RedisBuckets.connect(RedisAddress.of("redis://127.0.0.1:" + port), patient));
        RealRedis late = RealRedis.startAt(port);
        try (RedisBuckets buckets = starting.join()) {
            admit(buckets);
        } finally {
            late.close();
        }
    }

    @Test
    void withoutPatienceItDoesNot() {
        String nowhere = "redis://127.0.0.1:" + RealRedis.freePort();
        assertThrows(StoreUnreachableException.class, () -> RedisBuckets.connect(nowhere, PATIENT));
    }

    private static void admit(Buckets buckets) {
        admit(buckets, REQUEST);
    }

    private static Outcome.Admitted admit(Buckets buckets, Admission admission) {
        return assertInstanceOf(
                Outcome.Admitted.class,
                buckets.admit(admission).toCompletableFuture().join());
    }

    private static boolean isAdmitted(Buckets buckets) {
        return buckets.admit(REQUEST)
                .toCompletableFuture()
                .handle((outcome, failure) -> failure == null)
                .join();
    }
}
