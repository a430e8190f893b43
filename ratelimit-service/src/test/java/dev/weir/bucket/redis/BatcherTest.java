package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.StoreUnreachableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatcherTest {
    private final List<List<Integer>> sent = new ArrayList<>();
    private final List<CompletableFuture<List<String>>> answers = new ArrayList<>();
    private final Batcher<Integer, String> batcher = new Batcher<>(this::send, value -> value > 100 ? value : 1, 3, 5);

    private CompletionStage<List<String>> send(List<Integer> batch) {
        sent.add(batch);
        answers.add(new CompletableFuture<>());
        return answers.get(answers.size() - 1);
    }

    private void answer(int call) {
        answers.get(call)
                .complete(sent.get(call).stream()
                        .map(value -> "answer to " + value)
                        .toList());
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
    void whatArrivesMeanwhileGoesTogetherInItsOrder() {
        List<CompletionStage<String>> asked =
                IntStream.rangeClosed(1, 6).mapToObj(batcher::submit).toList();
        answer(0);
        assertEquals(List.of(List.of(1), List.of(2, 3, 4)), sent);
        answer(1);
        assertEquals(List.of(List.of(1), List.of(2, 3, 4), List.of(5, 6)), sent);
        assertEquals("answer to 3", asked.get(2).toCompletableFuture().join());
        assertFalse(asked.get(5).toCompletableFuture().isDone());
    }

    @Test
    void aHeavyItemGoesAlone() {
        IntStream.of(1, 2, 200, 3).forEach(batcher::submit);
        IntStream.range(0, 3).forEach(this::answer);
        assertEquals(List.of(List.of(1), List.of(2), List.of(200), List.of(3)), sent);
    }

    @Test
    void whatWaitsBehindAFailureFailsUnsent() {
        CompletionStage<String> one = batcher.submit(1);
        CompletionStage<String> two = batcher.submit(2);
        IllegalStateException hung = new IllegalStateException("hung");
        answers.get(0).completeExceptionally(hung);
        for (CompletionStage<String> each : List.of(one, two)) {
            CompletionException e = assertThrows(
                    CompletionException.class, () -> each.toCompletableFuture().join());
            assertSame(hung, e.getCause());
        }
        batcher.submit(3);
        assertEquals(List.of(List.of(1), List.of(3)), sent);
    }

    @Test
    void aStoreThatThrowsFailsTheCallAndIsAskedAgain() {
        AtomicInteger calls = new AtomicInteger();
        Batcher<Integer, String> throwing = new Batcher<>(
                batch -> {
                    calls.incrementAndGet();
                    throw new IllegalStateException("broken");
                },
                value -> 1,
                3,
                5);
        assertTrue(throwing.submit(1).toCompletableFuture().isCompletedExceptionally());
        assertTrue(throwing.submit(2).toCompletableFuture().isCompletedExceptionally());
        assertEquals(2, calls.get());
    }

    @Test
    void noMoreThanSoManyWait() {
        IntStream.rangeClosed(0, 5).forEach(batcher::submit);
        CompletionException e = assertThrows(
                CompletionException.class,
                () -> batcher.submit(6).toCompletableFuture().join());
        assertEquals("5 calls wait for the store already", e.getCause().getMessage());
        assertEquals(StoreUnreachableException.class, e.getCause().getClass());
    }
}
