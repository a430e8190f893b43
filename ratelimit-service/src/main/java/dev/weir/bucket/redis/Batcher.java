package dev.weir.bucket.redis;

import dev.weir.bucket.StoreUnreachableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Sends items in batches: one batch at a time is under way, and the next takes what arrived meanwhile. An item that finds none
 * under way goes at once, so an idle store answers without a wait and a busy one gets fewer and larger calls.
 *
 * <p>When a batch fails, so do the items that wait behind it, without being sent: a store that hangs keeps nobody for longer
 * than two time-outs, one of the batch before and one of its own, and does not act later on what has been given up.
 */
final class Batcher<I, O> {
    private final Function<List<I>, CompletionStage<List<O>>> store;
    private final ToIntFunction<I> weight;
    private final int mostWeight;
    private final int mostWaiting;
    private final ArrayDeque<Item<I, O>> waiting = new ArrayDeque<>();
    private boolean underWay;

    private record Item<I, O>(I value, CompletableFuture<O> answer) {}

    /**
     * @param store answers a batch in its order
     * @param mostWeight of a batch, unless a single item is heavier
     */
    Batcher(
            Function<List<I>, CompletionStage<List<O>>> store,
            ToIntFunction<I> weight,
            int mostWeight,
            int mostWaiting) {
        this.store = store;
        this.weight = weight;
        this.mostWeight = mostWeight;
        this.mostWaiting = mostWaiting;
    }

    CompletionStage<O> submit(I value) {
        Item<I, O> item = new Item<>(value, new CompletableFuture<>());
        synchronized (waiting) {
            if (waiting.size() >= mostWaiting) {
                return CompletableFuture.failedFuture(
                        new StoreUnreachableException(mostWaiting + " calls wait for the store already"));
            }
            waiting.add(item);
            if (underWay) {
                return item.answer();
            }
            underWay = true;
        }
        sendNext();
        return item.answer();
    }

    private void sendNext() {
        List<Item<I, O>> batch = nextBatch();
        if (batch.isEmpty()) {
            return;
        }
        List<I> values = new ArrayList<>(batch.size());
        for (Item<I, O> item : batch) {
            values.add(item.value());
        }
        send(values).whenComplete((answers, failure) -> {
            if (failure == null) {
                // First, so that the store works while the answers are passed on.
                sendNext();
                for (int i = 0; i < batch.size(); i++) {
                    batch.get(i).answer().complete(answers.get(i));
                }
            } else {
                batch.addAll(giveUpWaiting());
                for (Item<I, O> item : batch) {
                    item.answer().completeExceptionally(failure);
                }
            }
        });
    }

    private CompletionStage<List<O>> send(List<I> values) {
        try {
            return store.apply(values);
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What goes next; where nothing waits, nothing is under way any more. */
    private List<Item<I, O>> nextBatch() {
        synchronized (waiting) {
            List<Item<I, O>> batch = new ArrayList<>();
            int left = mostWeight;
            for (Item<I, O> item = waiting.peek(); item != null; item = waiting.peek()) {
                left -= weight.applyAsInt(item.value());
                if (left < 0 && !batch.isEmpty()) {
                    break;
                }
                batch.add(waiting.remove());
            }
            underWay = !batch.isEmpty();
            return batch;
        }
    }

    private List<Item<I, O>> giveUpWaiting() {
        synchronized (waiting) {
            List<Item<I, O>> all = new ArrayList<>(waiting);
            waiting.clear();
            underWay = false;
            return all;
        }
    }
}
