package dev.weir.bucket.redis;

import dev.weir.bucket.Patience;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A batcher before a store that can do only so much, on a clock of its own. Calls come at random moments, some so many a second, and
 * each waits for as long as its caller says. The store charges what it is sent, be it late.
 */
final class SlowStore {
    private static final long MILLI = 1_000_000;
    private static final long TIMEOUT = 200 * MILLI;
    private static final long SECOND = 1_000 * MILLI;

    /**
     * How the store does.
     *
     * @param fixed milliseconds for a batch
     * @param perItem milliseconds for each item
     * @param uneven by how much, from 0 to 1, a batch takes longer or shorter than that
     */
    record Store(double fixed, double perItem, double uneven) {
        /** The most items that it does in a second, in large batches. */
        double perSecond() {
            return 1_000 / perItem;
        }
    }

    /** What became of the calls. */
    record Figures(int calls, int admitted, int charged, double seconds) {
        double perSecond() {
            return admitted / seconds;
        }

        double chargedForNobody() {
            return charged == 0 ? 0 : (double) (charged - admitted) / charged;
        }
    }

    private record Event(long time, Runnable what) {}

    private Store store;
    private final long deadline;
    private final Random random = new Random(11);
    private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::time));
    private final Batcher<Long, String> batcher =
            new Batcher<>(this::answer, value -> 1, new Batcher.Limits(512, 10_000, TIMEOUT), this::now);
    private long now;
    private long free;
    private long hangsUntil;
    private int calls;
    private int admitted;
    private int charged;

    /** @param deadlineMillis how long each caller waits */
    SlowStore(Store store, long deadlineMillis) {
        this.store = store;
        this.deadline = deadlineMillis * MILLI;
    }

    private long now() {
        return now;
    }

    private CompletionStage<List<String>> answer(List<Long> arrivals) {
        charged += arrivals.size();
        double uneven = 1 + store.uneven() * (2 * random.nextDouble() - 1);
        long work = (long) ((store.fixed() + store.perItem() * arrivals.size()) * uneven * MILLI);
        free = Math.max(Math.max(free, hangsUntil), now) + work;
        CompletableFuture<List<String>> answer = new CompletableFuture<>();
        boolean inTime = free - now <= TIMEOUT;
        at(Math.min(free, now + TIMEOUT), () -> {
            if (inTime) {
                admitted += (int) arrivals.stream()
                        .filter(arrival -> now - arrival <= deadline)
                        .count();
                answer.complete(arrivals.stream().map(String::valueOf).toList());
            } else {
                answer.completeExceptionally(new IllegalStateException("no answer in time"));
            }
        });
        return answer;
    }

    private void at(long time, Runnable what) {
        events.add(new Event(time, what));
    }

    /** The store does nothing for some time. */
    void hangs(double fromNow, double seconds) {
        long start = now + (long) (fromNow * SECOND);
        at(start, () -> hangsUntil = start + (long) (seconds * SECOND));
    }

    /** The store does so from now on. */
    void becomes(Store other) {
        store = other;
    }

    /** Calls come for some time. */
    Figures run(double perSecond, double seconds) {
        int callsBefore = calls;
        int admittedBefore = admitted;
        int chargedBefore = charged;
        long end = now + (long) (seconds * SECOND);
        for (long time = now; time < end; time += (long) (-Math.log(1 - random.nextDouble()) / perSecond * SECOND)) {
            at(time, this::call);
        }
        while (!events.isEmpty()) {
            Event next = events.remove();
            now = next.time();
            next.what().run();
        }
        return new Figures(calls - callsBefore, admitted - admittedBefore, charged - chargedBefore, seconds);
    }

    private void call() {
        calls++;
        long arrival = now;
        Patience patience = time -> arrival + deadline - time;
        batcher.submit(arrival, patience);
    }
}
