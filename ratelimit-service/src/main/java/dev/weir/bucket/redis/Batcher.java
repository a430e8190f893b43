package dev.weir.bucket.redis;

import dev.weir.bucket.OverloadedException;
import dev.weir.bucket.OverloadedException.Shed;
import dev.weir.bucket.Patience;
import dev.weir.bucket.StoreUnreachableException;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends items in batches: one batch at a time is under way, and the next takes what arrived meanwhile. An item that finds none under way
 * goes at once, so an idle store answers without a wait and a busy one gets fewer and larger calls.
 *
 * <p>The queue is bounded by time before it is by number, as in K. Nichols and V. Jacobson, Controlling Queue Delay, 2012, though by an
 * estimate and on arrival. {@link Pace} says how long the store takes; an item that would be answered after its caller has given up, or
 * would wait longer than the time-out for its turn, is refused on arrival or when its turn comes. A batch takes no longer than a part of
 * the time that its items have, so that they can wait for the batch before and for their own. Nothing is sent for a caller who has gone.
 * One item that still has time is always sent, whatever is expected: otherwise nobody would learn that the store is well again.
 *
 * <p>A batch that fails fails alone. What waits behind it still has its turn while it has time.
 */
final class Batcher<I, O> {
    /** The divisor that gives the part of an item's time that the work of its batch may take. */
    private static final int BATCH_PART = 4;
    /**
     * The divisor that gives the last part of a caller's time, which is not counted on. While the store is overloaded every answer comes as
     * late as it may; without such a margin each would be too late at the least trouble.
     */
    private static final int LAST_PART = 4;

    private final Function<List<I>, CompletionStage<List<O>>> store;
    private final ToIntFunction<I> weight;
    private final Limits limits;
    private final LongSupplier nanoTime;
    private final Pace pace = new Pace();
    private final ArrayDeque<Item<I, O>> waiting = new ArrayDeque<>();
    private int waitingWeight;
    private boolean underWay;
    private long expectedEnd;
    /** A flag that is set while batches are not answered, the first of them sent at {@code silentSince}. */
    private boolean silent;

    private long silentSince;

    /**
     * Bounds what is sent and what waits.
     *
     * @param mostWeight the heaviest batch, unless a single item is heavier
     * @param mostWaiting the most items that wait, whatever time they have
     * @param timeout in nanoseconds: the store's answer to a batch is given up after it, and an item waits no longer for its turn
     */
    record Limits(int mostWeight, int mostWaiting, long timeout) {}

    /**
     * An item that waits.
     *
     * @param patience null where it is sent whenever its turn comes
     * @param turn the time when its turn comes too late, and {@code end} when its answer does; by the clock, in nanoseconds
     * @param share how long the work of its batch may take
     */
    private record Item<I, O>(
            I value,
            int weight,
            CompletableFuture<O> answer,
            @Nullable Patience patience,
            long turn,
            long end,
            double share) {
        boolean isOver(long now) {
            return patience != null && (turn - now <= 0 || end - now <= 0 || patience.nanosLeft(now) <= 0);
        }
    }

    /**
     * A batch.
     *
     * @param late items whose turn has come, but which have no time for it
     */
    private record Batch<I, O>(List<Item<I, O>> items, List<Item<I, O>> late, int weight, long start) {}

    /**
     * Sends nothing yet.
     *
     * @param store answers a batch in its order
     * @param nanoTime a clock in nanoseconds that does not go back
     */
    Batcher(
            Function<List<I>, CompletionStage<List<O>>> store,
            ToIntFunction<I> weight,
            Limits limits,
            LongSupplier nanoTime) {
        this.store = store;
        this.weight = weight;
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /**
     * Sends an item whenever its turn comes.
     *
     * @return fails as the store fails, or with {@link OverloadedException} where too many wait
     */
    CompletionStage<O> submit(I value) {
        return submit(value, null);
    }

    /**
     * Sends an item if it can be answered in time.
     *
     * @return fails as the store fails, or with {@link OverloadedException} where it was not sent
     */
    CompletionStage<O> submit(I value, @Nullable Patience patience) {
        long now = nanoTime.getAsLong();
        Item<I, O> item = item(value, patience, now);
        synchronized (waiting) {
            Shed shed = refusal(item, now);
            if (shed != null) {
                return CompletableFuture.failedFuture(new OverloadedException(shed));
            }
            waiting.add(item);
            waitingWeight += item.weight();
            if (underWay) {
                return item.answer();
            }
            underWay = true;
            expectedEnd = now;
        }
        sendNext();
        return item.answer();
    }

    private Item<I, O> item(I value, @Nullable Patience patience, long now) {
        long left = patience == null ? Long.MAX_VALUE : patience.nanosLeft(now);
        long time = Math.min(left - left / LAST_PART, 2 * limits.timeout());
        double share = (double) Math.min(time, limits.timeout()) / BATCH_PART;
        int heavy = weight.applyAsInt(value);
        return new Item<>(value, heavy, new CompletableFuture<>(), patience, now + limits.timeout(), now + time, share);
    }

    private @Nullable Shed refusal(Item<I, O> item, long now) {
        if (waiting.size() >= limits.mostWaiting()) {
            return Shed.FULL;
        }
        if (item.isOver(now)) {
            return Shed.GONE;
        }
        if (item.patience() == null || !underWay) {
            return null;
        }
        double before = beforeNext(now);
        double all = waitingWeight + item.weight();
        double answered = before + pace.expectedInBatches(all, item.share());
        double turn = answered - pace.expected(Math.min(all, pace.heaviest(item.share())));
        return answered + pace.slack() > item.end() - now || turn > item.turn() - now ? Shed.TOO_LONG : null;
    }

    /**
     * Returns how long the batch that is under way is still expected to take. One that is overdue may end at any moment, but the longer it
     * is overdue the less likely that is. Where the one before was not answered either, the store is expected to be silent for as long
     * again.
     */
    private double beforeNext(long now) {
        long overdue = now - expectedEnd;
        return silent ? now - silentSince : overdue < 0 ? -overdue : overdue / 2.0;
    }

    /** Sends batches in a loop, because a store that is gone fails at once and many may wait. */
    private void sendNext() {
        while (sendBatch()) {}
    }

    /** Sends a batch, and returns whether the store has answered already. */
    private boolean sendBatch() {
        Batch<I, O> batch = nextBatch();
        if (batch.items().isEmpty()) {
            shed(batch.late());
            return false;
        }
        CompletableFuture<List<O>> sent = send(batch);
        boolean answered = sent.isDone();
        CompletionStage<List<O>> answer = sent;
        answer.whenComplete((answers, failure) -> {
            learn(batch, failure);
            if (!answered) {
                // Sends first, so that the store works while the answers are passed on.
                sendNext();
            }
            pass(batch.items(), answers, failure);
        });
        shed(batch.late());
        return answered;
    }

    private CompletableFuture<List<O>> send(Batch<I, O> batch) {
        List<I> values = new ArrayList<>(batch.items().size());
        for (Item<I, O> item : batch.items()) {
            values.add(item.value());
        }
        try {
            return store.apply(values).toCompletableFuture();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Learns from the end of a batch. An error from Redis is an answer too; what was never sent says nothing about its pace. */
    private void learn(Batch<I, O> batch, @Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Script.causeOf(failure);
        synchronized (waiting) {
            long nanos = nanoTime.getAsLong() - batch.start();
            if (cause instanceof StoreUnreachableException) {
                silent = false;
            } else if (cause == null || cause instanceof RedisCommandExecutionException) {
                silent = false;
                pace.answered(batch.weight(), nanos);
            } else {
                silentSince = silent ? silentSince : batch.start();
                silent = true;
                pace.unanswered(batch.weight(), nanos);
            }
        }
    }

    private static <I, O> void pass(List<Item<I, O>> items, @Nullable List<O> answers, @Nullable Throwable failure) {
        for (int i = 0; i < items.size(); i++) {
            CompletableFuture<O> answer = items.get(i).answer();
            if (answers == null) {
                answer.completeExceptionally(Objects.requireNonNull(failure));
            } else {
                answer.complete(answers.get(i));
            }
        }
    }

    private void shed(List<Item<I, O>> late) {
        for (Item<I, O> item : late) {
            Patience patience = item.patience();
            boolean gone = patience != null && patience.nanosLeft(nanoTime.getAsLong()) <= 0;
            item.answer().completeExceptionally(new OverloadedException(gone ? Shed.GONE : Shed.WAITED));
        }
    }

    /** Returns the batch that goes next; where it is empty, nothing is under way any more. */
    private Batch<I, O> nextBatch() {
        synchronized (waiting) {
            long now = nanoTime.getAsLong();
            Selection selection = new Selection(now);
            for (Item<I, O> item = waiting.peek(); item != null && selection.take(item); item = waiting.peek()) {
                waiting.remove();
                waitingWeight -= item.weight();
            }
            Batch<I, O> batch = selection.batch();
            underWay = !batch.items().isEmpty();
            expectedEnd = now + (long) pace.expected(batch.weight());
            return batch;
        }
    }

    /**
     * Chooses a batch from those that wait, in their order. An item without time for the largest possible batch is left out, lest the
     * batches of a full queue become ever smaller to suit those that have waited longest.
     */
    private final class Selection {
        private final long now;
        private final int all = waitingWeight;
        private final List<Item<I, O>> items = new ArrayList<>();
        private List<Item<I, O>> late = List.of();
        /** The item with the most time, of those that are expected to be answered too late and may yet be sent. */
        private @Nullable Item<I, O> hopeful;

        private int weight;
        private double share = Double.MAX_VALUE;
        private double most;

        Selection(long now) {
            this.now = now;
        }

        /** Puts an item into the batch or with those that are too late; returns false where it is left for the next batch. */
        boolean take(Item<I, O> item) {
            if (item.isOver(now)) {
                addLate(item);
                return true;
            }
            double heaviest = Math.min(limits.mostWeight(), pace.heaviest(item.share()));
            double answered = pace.expected(Math.min(all, heaviest)) + pace.slack();
            if (item.patience() != null && answered > item.end() - now) {
                addHopeless(item);
                return true;
            }
            if (item.share() < share) {
                share = item.share();
                most = heaviest;
            }
            if (!items.isEmpty() && weight + item.weight() > most) {
                return false;
            }
            add(item);
            return true;
        }

        private void add(Item<I, O> item) {
            items.add(item);
            weight += item.weight();
        }

        private void addHopeless(Item<I, O> item) {
            if (hopeful == null) {
                hopeful = item;
            } else if (item.end() - hopeful.end() > 0) {
                addLate(hopeful);
                hopeful = item;
            } else {
                addLate(item);
            }
        }

        private void addLate(Item<I, O> item) {
            late = late.isEmpty() ? new ArrayList<>() : late;
            late.add(item);
        }

        Batch<I, O> batch() {
            if (hopeful != null && items.isEmpty()) {
                add(hopeful);
            } else if (hopeful != null) {
                addLate(hopeful);
            }
            return new Batch<>(items, late, weight, now);
        }
    }
}
