package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.StoreAddressException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Connections are words here, and time passes when a test says so. */
class LinkTest {
    private static final RedisAddress ADDRESS = RedisAddress.of("redis://one");
    private final RuntimeException late = new RedisCommandTimeoutException("late");

    private final FakeLine line = new FakeLine();
    private final Link<String> link = new Link<>(line, () -> Instant.EPOCH, ADDRESS);

    @Test
    void theFirstConnectionCarriesTheCalls() {
        CompletableFuture<Void> connected = link.open(Duration.ZERO);
        line.run();
        assertFalse(connected.isDone());
        line.answer("a");
        assertTrue(connected.isDone());
        assertEquals("a", ask());
        assertNull(link.absence());
    }

    @Test
    void withoutPatienceTheFirstFailureEndsIt() {
        CompletableFuture<Void> connected = link.open(Duration.ZERO);
        line.run();
        line.fail(new IllegalStateException("refused"));
        assertTrue(connected.isCompletedExceptionally());
        assertEquals(0, line.waiting());
    }

    @Test
    void withPatienceItIsTriedUntilTheTimeIsUp() {
        CompletableFuture<Void> connected = link.open(Duration.ofMillis(25));
        line.run();
        line.fail(new IllegalStateException("refused"));
        line.pass(10);
        line.fail(new IllegalStateException("refused"));
        assertFalse(connected.isDone());
        line.pass(20);
        line.fail(new IllegalStateException("refused"));
        assertTrue(connected.isCompletedExceptionally());
    }

    @Test
    void whatNoPatienceHelpsEndsItAtOnce() {
        CompletableFuture<Void> connected = link.open(Duration.ofSeconds(60));
        line.run();
        line.fail(new StoreAddressException("a cluster"));
        assertTrue(connected.isCompletedExceptionally());
    }

    @Test
    void aBrokenConnectionIsReplacedAtOnceAndCallsFailMeanwhile() {
        connect("a");
        line.pass(5_000);
        line.breakOff("a");
        assertFalse(link.isConnected());
        assertEquals("unreachable since 1970-01-01T00:00:00Z: the connection was closed", link.absence());
        assertEquals(
                "dev.weir.bucket.StoreUnreachableException: Redis is not connected: the connection was closed", ask());
        line.answer("b");
        assertEquals("b", ask());
        assertEquals(List.of("a"), line.closed);
    }

    @Test
    void pausesGrowFromNothingToHalfASecond() {
        assertEquals(
                List.of(0L, 10L, 20L, 40L, 80L, 160L, 320L, 500L, 500L),
                IntStream.of(0, 1, 2, 3, 4, 5, 6, 7, 1_000)
                        .mapToObj(failures -> Link.pause(failures).toMillis())
                        .toList());
    }

    @Test
    void aConnectionThatBreaksAtOnceIsNotFollowedAtOnce() {
        connect("a");
        line.breakOff("a");
        assertEquals(0, line.opening.size());
        line.pass(10);
        assertEquals(1, line.opening.size());
    }

    @Test
    void oneThatHasServedIsFollowedAtOnceHoweverShortItLasted() {
        connect("a");
        for (String next : List.of("b", "c", "d")) {
            line.breakOff(ask());
            line.answer(next);
            assertEquals(next, ask());
        }
    }

    @Test
    void threeCallsInARowWithoutAnAnswerAreEnough() {
        connect("a");
        answer(late);
        answer(late);
        ask();
        answer(late);
        answer(late);
        assertTrue(link.isConnected());
        answer(late);
        assertFalse(link.isConnected(), "no call more is sent by it");
        line.run();
        assertEquals(List.of("a"), line.closed);
    }

    @Test
    void anErrorIsAnAnswer() {
        connect("a");
        for (int i = 0; i < 3; i++) {
            answer(late);
            answer(new RedisCommandExecutionException("OOM command not allowed"));
        }
        line.run();
        assertTrue(link.isConnected());
    }

    @Test
    void aReadOnlyServerIsLeftWithItsReason() {
        connect("a");
        answer(new RedisCommandExecutionException("READONLY You can't write"));
        line.run();
        assertEquals("unreachable since 1970-01-01T00:00:00Z: READONLY You can't write", link.absence());
    }

    @Test
    void whyItCannotBeReachedIsKnown() {
        connect("a");
        line.pass(5_000);
        line.breakOff("a");
        line.fail(new RedisCommandExecutionException("WRONGPASS invalid username-password pair"));
        assertEquals(
                "unreachable since 1970-01-01T00:00:00Z: WRONGPASS invalid username-password pair", link.absence());
    }

    @Test
    void whatIsHeardOfAConnectionThatWasReplacedChangesNothing() {
        connect("a");
        line.pass(5_000);
        CompletableFuture<String> slow = new CompletableFuture<>();
        CompletionStage<String> asked = link.call(connection -> slow);
        line.breakOff("a");
        line.answer("b");
        slow.completeExceptionally(new RedisCommandExecutionException("READONLY You can't write"));
        line.run();
        line.breakOff("a");
        assertTrue(asked.toCompletableFuture().isCompletedExceptionally());
        assertEquals("b", ask());
    }

    @Test
    void anotherAddressIsUsedWhenItIsReachedAndTheConnectionBeforeServesUntilThen() {
        connect("a");
        RedisAddress other = new RedisAddress("redis://one", "user", "new");
        link.use(other);
        line.run();
        line.fail(new RedisCommandExecutionException("WRONGPASS invalid"));
        assertEquals("a", ask());
        assertNull(link.absence());
        assertEquals("WRONGPASS invalid", link.pending());
        line.pass(10);
        line.answer("b");
        assertNull(link.pending());
        assertEquals("b", ask());
        assertEquals(List.of(ADDRESS, other, other), line.asked);
        assertEquals(List.of("a"), line.retired);
    }

    @Test
    void anAddressThatChangesWhileAnotherIsTriedIsTriedNext() {
        connect("a");
        RedisAddress two = RedisAddress.of("redis://two");
        RedisAddress three = RedisAddress.of("redis://three");
        link.use(two);
        line.run();
        link.use(three);
        line.run();
        line.answer("b");
        line.pass(500);
        line.answer("c");
        assertEquals("c", ask());
        assertEquals(List.of(ADDRESS, two, three), line.asked);
    }

    @Test
    void aConnectionThatComesAfterTheEndIsClosed() {
        var unused = link.open(Duration.ZERO);
        line.run();
        link.close();
        line.answer("a");
        assertEquals(List.of("a"), line.closed);
    }

    private void connect(String connection) {
        var unused = link.open(Duration.ZERO);
        line.run();
        line.answer(connection);
    }

    /** The connection that was asked, or how it failed. */
    private String ask() {
        return link.call(connection -> CompletableFuture.completedFuture(connection))
                .exceptionally(Throwable::toString)
                .toCompletableFuture()
                .join();
    }

    private void answer(RuntimeException failure) {
        assertTrue(link.call(connection -> CompletableFuture.failedFuture(failure))
                .toCompletableFuture()
                .isCompletedExceptionally());
    }

    private static final class FakeLine implements Link.Line<String> {
        private final Deque<CompletableFuture<String>> opening = new ArrayDeque<>();
        private final Map<String, Runnable> broken = new HashMap<>();
        private final List<String> closed = new ArrayList<>();
        private final List<String> retired = new ArrayList<>();
        private final List<RedisAddress> asked = new ArrayList<>();
        private final List<Task> tasks = new ArrayList<>();
        private long now;

        private record Task(long at, Runnable task) {}

        @Override
        public CompletionStage<String> open(RedisAddress address, boolean first) {
            asked.add(address);
            CompletableFuture<String> opened = new CompletableFuture<>();
            opening.add(opened);
            return opened;
        }

        @Override
        public void whenBroken(String connection, Runnable then) {
            broken.put(connection, then);
        }

        @Override
        public void close(String connection) {
            closed.add(connection);
        }

        @Override
        public void retire(String connection) {
            retired.add(connection);
        }

        @Override
        public void later(Duration pause, Runnable task) {
            tasks.add(new Task(now + pause.toNanos(), task));
        }

        @Override
        public String reason(Throwable failure) {
            return String.valueOf(failure.getMessage());
        }

        @Override
        public long nanoTime() {
            return now;
        }

        int waiting() {
            return tasks.size();
        }

        void pass(long millis) {
            now += millis * 1_000_000;
            run();
        }

        /** Does what is due. */
        void run() {
            for (int i = 0; i < tasks.size(); ) {
                if (tasks.get(i).at() <= now) {
                    tasks.remove(i).task().run();
                    i = 0;
                } else {
                    i++;
                }
            }
        }

        void answer(String connection) {
            opening.remove().complete(connection);
            run();
        }

        void fail(RuntimeException failure) {
            opening.remove().completeExceptionally(failure);
            run();
        }

        void breakOff(String connection) {
            broken.get(connection).run();
            run();
        }
    }
}
