package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.OverloadedException;
import dev.weir.bucket.OverloadedException.Shed;
import dev.weir.bucket.Patience;
import dev.weir.bucket.StoreUnreachableException;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatcherTest {
    private static final long MILLI = 1_000_000;
    private static final long TIMEOUT = 200;

    private final List<List<Integer>> sent = new ArrayList<>();
    private final List<CompletableFuture<List<String>>> answers = new ArrayList<>();
    private long now = 7_000 * MILLI;
    private final Batcher<Integer, String> batcher = batcher(this::send, 64);

    private Batcher<Integer, String> batcher(Store store, int mostWeight) {
        return new Batcher<>(
                store::answer,
                value -> value > 100_000 ? value : 1,
                new Batcher.Limits(mostWeight, 1_000, TIMEOUT * MILLI),
                () -> now);
    }

    private interface Store {
        CompletionStage<List<String>> answer(List<Integer> batch);
    }

    private CompletionStage<List<String>> send(List<Integer> batch) {
        sent.add(batch);
        answers.add(new CompletableFuture<>());
        return answers.get(answers.size() - 1);
    }

    private static List<String> answersTo(List<Integer> batch) {
        return batch.stream().map(value -> "answer to " + value).toList();
    }

    private void answer(int call) {
        answers.get(call).complete(answersTo(sent.get(call)));
    }

    private void after(long millis) {
        now += millis * MILLI;
    }

    /** The last batch is answered {@code millis} after now. */
    private void answerAfter(long millis) {
        after(millis);
        answer(answers.size() - 1);
    }

    private void failAfter(long millis) {
        after(millis);
        answers.get(answers.size() - 1).completeExceptionally(new IllegalStateException("no answer"));
    }

    /** A store that takes {@code millis} for every item, and batches of some: so much is known then. */
    private void taught(int millis) {
        taught(0, millis);
    }

    private void taught(int fixed, int millis) {
        for (int weight : new int[] {1, 2, 4, 3, 5, 8, 12, 16, 14, 16, 12, 16, 13, 16, 15, 16}) {
            int first = sent.size();
            batcher.submit(-1);
            IntStream.range(1, weight).forEach(i -> batcher.submit(-1));
            while (sent.size() > first) {
                int size = sent.get(sent.size() - 1).size();
                first = sent.size();
                answerAfter(fixed + (long) millis * size);
            }
        }
        sent.clear();
        answers.clear();
    }

    private Patience until(long millisFromNow) {
        long end = now + millisFromNow * MILLI;
        return nanoTime -> end - nanoTime;
    }

    private static @Nullable Throwable failure(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        if (!future.isCompletedExceptionally()) {
            return null;
        }
        Throwable failure = future.handle((answer, failed) -> failed).join();
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }

    private static void assertShed(Shed why, CompletionStage<?> stage) {
        assertEquals(
                why, assertInstanceOf(OverloadedException.class, failure(stage)).shed());
    }

    @Test
    void whatFindsNothingUnderWayGoesAtOnce() {
        CompletionStage<String> one = batcher.submit(1);
        assertEquals(List.of(List.of(1)), sent);
        answer(0);
        assertEquals("answer to 1", one.toCompletableFuture().join());
        batcher.submit(2);
        assertEquals(List.of(List.of(1), List.of(2)), sent);
    }

    @Test
    void whatArrivesMeanwhileGoesTogetherInItsOrderAndTwiceAsManyAsWereAnswered() {
        List<CompletionStage<String>> asked =
                IntStream.rangeClosed(1, 6).mapToObj(batcher::submit).toList();
        answer(0);
        assertEquals(List.of(List.of(1), List.of(2, 3)), sent);
        answer(1);
        assertEquals(List.of(List.of(1), List.of(2, 3), List.of(4, 5, 6)), sent);
        assertEquals("answer to 3", asked.get(2).toCompletableFuture().join());
        assertFalse(asked.get(5).toCompletableFuture().isDone());
    }

    @Test
    void aHeavyItemGoesAlone() {
        taught(1);
        IntStream.of(1, 2, 200_000, 3).forEach(batcher::submit);
        IntStream.range(0, 3).forEach(this::answer);
        assertEquals(List.of(List.of(1), List.of(2), List.of(200_000), List.of(3)), sent);
    }

    @Test
    void aBatchTakesAQuarterOfTheTimeThatItsItemsHave() {
        taught(4);
        batcher.submit(0);
        IntStream.rangeClosed(1, 20).forEach(i -> batcher.submit(i, until(1_000)));
        answerAfter(4);
        assertEquals(12, sent.get(1).size(), "50 ms, a quarter of the time-out, at 4 ms each");
        answerAfter(48);
        assertEquals(8, sent.get(2).size());
        batcher.submit(21, until(100));
        IntStream.rangeClosed(22, 40).forEach(i -> batcher.submit(i, until(1_000)));
        answerAfter(32);
        assertEquals(4, sent.get(3).size(), "and of 75 ms: the last of its 100 are not counted on");
    }

    @Test
    void aFarStoreGetsBatchesThatTakeLongerThanThat() {
        taught(80, 0);
        batcher.submit(0);
        IntStream.rangeClosed(1, 25).forEach(batcher::submit);
        answerAfter(80);
        assertEquals(25, sent.get(1).size());
    }

    @Test
    void whatWouldBeAnsweredTooLateIsRefusedOnArrival() {
        taught(4);
        batcher.submit(0, until(1_000));
        List<CompletionStage<String>> waiting = IntStream.rangeClosed(1, 20)
                .mapToObj(i -> batcher.submit(i, until(1_000)))
                .toList();
        assertShed(Shed.TOO_LONG, batcher.submit(21, until(80)));
        assertTrue(waiting.stream().allMatch(one -> failure(one) == null));
        CompletionStage<String> patient = batcher.submit(22, until(120));
        assertFalse(patient.toCompletableFuture().isDone(), "22 items take 88 ms");
    }

    @Test
    void whatWouldWaitForItsTurnLongerThanTheTimeoutIsRefusedOnArrivalWhateverItsCallerSays() {
        taught(4);
        int accepted = 0;
        while (failure(batcher.submit(accepted, Patience.ENDLESS)) == null) {
            accepted++;
        }
        assertEquals(62, accepted, 3, "200 ms for its turn, and a batch of 50, at 4 ms each");
        assertShed(Shed.TOO_LONG, batcher.submit(0, Patience.ENDLESS));
    }

    @Test
    void nothingIsSentForACallerWhoHasGoneOrWhoseTimeIsUp() {
        AtomicInteger left = new AtomicInteger(1);
        batcher.submit(0);
        CompletionStage<String> leaving = batcher.submit(1, nanoTime -> left.get() * 900L * MILLI);
        CompletionStage<String> impatient = batcher.submit(2, until(50));
        CompletionStage<String> staying = batcher.submit(3, until(500));
        left.set(0);
        answerAfter(60);
        assertShed(Shed.GONE, leaving);
        assertShed(Shed.GONE, impatient);
        assertEquals(List.of(List.of(0), List.of(3)), sent);
        assertFalse(staying.toCompletableFuture().isDone());
        assertShed(Shed.GONE, batcher.submit(4, nanoTime -> 0));
    }

    @Test
    void whoseTurnComesTooLateForAnAnswerIsNotSent() {
        taught(4);
        batcher.submit(0, until(1_000));
        CompletionStage<String> tight = batcher.submit(1, until(30));
        CompletionStage<String> patient = batcher.submit(2, until(1_000));
        answerAfter(24);
        assertShed(Shed.WAITED, tight);
        assertEquals(List.of(List.of(0), List.of(2)), sent);
        assertFalse(patient.toCompletableFuture().isDone());
    }

    @Test
    void oneThatStillHasTimeIsSentWhateverIsExpected() {
        taught(100, 1);
        CompletionStage<String> hopeless = batcher.submit(1, until(20));
        assertEquals(List.of(List.of(1)), sent, "or nobody would learn that the store is well again");
        List<CompletionStage<String>> waiting = List.of(batcher.submit(2), batcher.submit(3));
        answerAfter(1);
        assertEquals("answer to 1", hopeless.toCompletableFuture().join());
        assertEquals(List.of(2, 3), sent.get(1));
        assertFalse(waiting.get(0).toCompletableFuture().isDone());
    }

    @Test
    void aBatchThatFailsFailsAlone() {
        CompletionStage<String> one = batcher.submit(1, until(1_000));
        CompletionStage<String> two = batcher.submit(2, until(1_000));
        failAfter(100);
        assertEquals("no answer", String.valueOf(failure(one).getMessage()));
        assertEquals(List.of(List.of(1), List.of(2)), sent);
        answerAfter(1);
        assertEquals("answer to 2", two.toCompletableFuture().join());
    }

    @Test
    void aStoreThatHangsIsAskedForOneAtATime() {
        taught(1);
        int calls = 0;
        int refused = 0;
        for (int millis = 0; millis < 2_000; millis += 5) {
            calls++;
            refused += failure(batcher.submit(calls, until(1_000))) == null ? 0 : 1;
            if (millis % TIMEOUT == TIMEOUT - 5) {
                failAfter(5);
            } else {
                after(5);
            }
        }
        int charged = sent.stream().mapToInt(List::size).sum();
        assertEquals(10, charged, 1, "of " + calls + " calls");
        assertTrue(refused > calls / 2, refused + " are told at once");
    }

    @Test
    void whenAStoreThatHungIsWellAgainItIsAskedForTwiceAsManyEachTime() {
        taught(1);
        batcher.submit(0);
        failAfter(TIMEOUT);
        batcher.submit(1);
        IntStream.rangeClosed(2, 20).forEach(batcher::submit);
        for (int i = 1; i < 6; i++) {
            answerAfter(1);
        }
        assertEquals(List.of(1, 1, 2, 4, 8, 5), sent.stream().map(List::size).toList());
    }

    @Test
    void anErrorOfTheStoreIsAnAnswerAndNextTimeJustAsManyGo() {
        taught(1);
        batcher.submit(0);
        IntStream.rangeClosed(1, 16).forEach(batcher::submit);
        RedisCommandExecutionException full = new RedisCommandExecutionException("OOM command not allowed");
        answers.get(0).completeExceptionally(full);
        assertEquals(16, sent.get(1).size());
    }

    @Test
    void settlementsWaitForTheirTurnHoweverLongItTakes() {
        List<CompletionStage<String>> settlements =
                IntStream.rangeClosed(1, 30).mapToObj(batcher::submit).toList();
        for (int i = 0; i < 10; i++) {
            failAfter(TIMEOUT);
        }
        assertEquals(11, sent.size());
        assertNotSent(settlements.subList(11, 30));
        while (sent.stream().mapToInt(List::size).sum() < 30) {
            answerAfter(1);
        }
    }

    private static void assertNotSent(List<CompletionStage<String>> stages) {
        assertTrue(stages.stream().noneMatch(one -> one.toCompletableFuture().isDone()));
    }

    @Test
    void aStoreThatThrowsFailsTheCallAndIsAskedAgain() {
        AtomicInteger calls = new AtomicInteger();
        Batcher<Integer, String> throwing = batcher(
                batch -> {
                    calls.incrementAndGet();
                    throw new IllegalStateException("broken");
                },
                3);
        assertEquals("broken", String.valueOf(failure(throwing.submit(1)).getMessage()));
        assertTrue(throwing.submit(2).toCompletableFuture().isCompletedExceptionally());
        assertEquals(2, calls.get());
    }

    @Test
    void aThousandThatWaitForAStoreThatFailsAtOnceAllFail() {
        CompletableFuture<List<String>> first = new CompletableFuture<>();
        List<List<Integer>> asked = new ArrayList<>();
        IllegalStateException down = new IllegalStateException("down");
        Batcher<Integer, String> failing = batcher(
                batch -> {
                    asked.add(batch);
                    return asked.size() == 1 ? first : CompletableFuture.failedFuture(down);
                },
                64);
        List<CompletionStage<String>> all =
                IntStream.range(0, 1_000).mapToObj(failing::submit).toList();
        first.completeExceptionally(down);
        all.forEach(one -> assertSame(down, failure(one)));
        assertEquals(1_000, asked.size());
    }

    @Test
    void aStoreThatIsAwayIsNotTakenForOneThatIsSlow() {
        CompletableFuture<List<String>> first = new CompletableFuture<>();
        StoreUnreachableException away = new StoreUnreachableException("away");
        AtomicInteger batches = new AtomicInteger();
        Batcher<Integer, String> batcher =
                batcher(batch -> batches.incrementAndGet() == 1 ? first : CompletableFuture.failedFuture(away), 64);
        batcher.submit(1);
        CompletionStage<CompletionStage<String>> during =
                batcher.submit(2).handle((answer, failure) -> batcher.submit(3, until(50)));
        after(100);
        first.completeExceptionally(away);
        assertSame(away, failure(during.toCompletableFuture().join()));
    }

    @Test
    void noMoreThanSoManyWait() {
        IntStream.rangeClosed(0, 1_000).forEach(batcher::submit);
        assertShed(Shed.FULL, batcher.submit(6));
    }
}
