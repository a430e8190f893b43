package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Periods;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import dev.weir.testing.RealRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What somebody else has written under the name of a bucket hurts the requests that need this bucket, and no others. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForeignValueIT {
    private static final long MINUTE = 60_000_000;
    private static final String BUCKET = "w1:{t}:bucket";
    private static final List<Algorithm> KEPT_AS_STRINGS = List.of(
            new Algorithm.SlidingWindow(10, MINUTE),
            Algorithm.TokenBucket.of(10, MINUTE, 10),
            new Algorithm.FixedWindow(10, new Periods.Every(MINUTE)));
    private static final Algorithm PARALLEL = new Algorithm.Parallel(10, MINUTE);

    private static RealRedis redis;
    private static RedisClient client;
    private static RedisCommands<String, String> commands;

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
        redis.flush();
        buckets = RedisBuckets.connect(redis.url(), Duration.ofSeconds(10));
    }

    @AfterEach
    void disconnect() {
        buckets.close();
    }

    static Stream<Algorithm> all() {
        return Stream.concat(KEPT_AS_STRINGS.stream(), Stream.of(PARALLEL));
    }

    static Stream<Algorithm> strings() {
        return KEPT_AS_STRINGS.stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aForeignStringFailsItsOwnRequestAndNoneOfTheSameBatch(Algorithm algorithm) {
        commands.set(BUCKET, "junk");
        redis.pause();
        CompletionStage<Outcome> first = buckets.admit(request("w1:{t}:first", algorithm, "first"));
        redis.awaitHeldCall();
        CompletionStage<Outcome> before = buckets.admit(request("w1:{t}:before", algorithm, "before"));
        CompletionStage<Outcome> hurt = buckets.admit(request(BUCKET, algorithm, "hurt"));
        CompletionStage<Outcome> after = buckets.admit(request("w1:{t}:after", algorithm, "after"));
        redis.resume();
        for (CompletionStage<Outcome> unhurt : List.of(first, before, after)) {
            assertInstanceOf(Outcome.Admitted.class, join(unhurt));
        }
        CompletionException e = assertThrows(CompletionException.class, () -> join(hurt));
        assertTrue(e.getMessage().contains(BUCKET + " is not a bucket; delete it there"), e::toString);
        assertEquals("junk", commands.get(BUCKET));
        assertEquals(1, used("w1:{t}:before", algorithm));
        commands.del(BUCKET);
        assertInstanceOf(Outcome.Admitted.class, join(buckets.admit(request(BUCKET, algorithm, "again"))));
    }

    @ParameterizedTest
    @MethodSource("strings")
    void aForeignListIsReplacedByTheBucket(Algorithm algorithm) {
        commands.lpush(BUCKET, "junk");
        assertInstanceOf(Outcome.Admitted.class, join(buckets.admit(request(BUCKET, algorithm, "one"))));
        assertEquals(1, used(BUCKET, algorithm));
    }

    @ParameterizedTest
    @MethodSource("strings")
    void aForeignValueAsLongAsABucketHangsNobody(Algorithm algorithm) {
        for (int length = 1; length <= 64; length++) {
            commands.set(BUCKET, "j".repeat(length));
            answerOf(buckets.admit(request(BUCKET, algorithm, "hurt")));
            answerOf(buckets.admit(new Admission(List.of(charge(BUCKET, algorithm, 0)), null, 0)));
            answerOf(buckets.admit(new Admission(List.of(charge(BUCKET, algorithm, -1)), null, 0)));
            Outcome neighbour = join(buckets.admit(request("w1:{t}:" + length, algorithm, "unhurt")));
            assertInstanceOf(Outcome.Admitted.class, neighbour, length + " bytes");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aSettlementIsNotHurtByWhatNowStandsInPlaceOfItsNeighboursBucket(Algorithm algorithm) {
        join(buckets.admit(request(BUCKET, algorithm, "hurt")));
        join(buckets.admit(request("w1:{t}:before", algorithm, "before")));
        join(buckets.admit(request("w1:{t}:after", algorithm, "after")));
        join(buckets.admit(request("w1:{t}:first", algorithm, "first")));
        commands.del(BUCKET);
        commands.lpush(BUCKET, "junk");
        redis.pause();
        CompletionStage<Settled> first = settle("first");
        redis.awaitHeldCall();
        CompletionStage<Settled> before = settle("before");
        CompletionStage<Settled> hurt = settle("hurt");
        CompletionStage<Settled> after = settle("after");
        redis.resume();
        for (CompletionStage<Settled> settled : List.of(first, before, hurt, after)) {
            assertEquals(Settled.Kind.SETTLED, join(settled).kind());
        }
        assertEquals(0, used("w1:{t}:before", algorithm));
        assertEquals(0, used("w1:{t}:after", algorithm));
    }

    /** Whatever it is; but it must come. */
    private static void answerOf(CompletionStage<Outcome> answer) {
        answer.handle((outcome, failure) -> outcome).toCompletableFuture().join();
    }

    private CompletionStage<Settled> settle(String reservation) {
        return buckets.settle("w1:{t}/reservation:" + reservation, Usage.of(0));
    }

    private long used(String bucket, Algorithm algorithm) {
        Admission question = new Admission(List.of(charge(bucket, algorithm, 0)), null, 0);
        return assertInstanceOf(Outcome.Admitted.class, join(buckets.admit(question)))
                .levels()
                .get(0)
                .used();
    }

    private static Admission request(String bucket, Algorithm algorithm, String reservation) {
        return new Admission(List.of(charge(bucket, algorithm, 1)), "w1:{t}/reservation:" + reservation, MINUTE);
    }

    private static Charge charge(String bucket, Algorithm algorithm, long amount) {
        EndAction atEnd = algorithm instanceof Algorithm.Parallel ? EndAction.RELEASE : EndAction.SETTLE;
        return new Charge(bucket, algorithm, amount, amount > 0 ? atEnd : EndAction.KEEP);
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
