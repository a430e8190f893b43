package dev.weir.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Settled;
import dev.weir.bucket.StoreUnreachableException;
import dev.weir.bucket.Usage;
import dev.weir.policy.Policy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class EndsTest {
    private final FailingBuckets buckets = new FailingBuckets();
    private final List<String> told = new ArrayList<>();
    private final Deque<Duration> pauses = new ArrayDeque<>();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final Ends ends = new Ends(
            new Decider(new Policy(Map.of()), buckets, Duration.ofHours(1)),
            new DecisionListener() {
                @Override
                public void released(String domain, boolean late) {
                    told.add("let go " + late);
                }

                @Override
                public void vacated(String domain) {
                    told.add("vacated");
                }
            },
            (delay, task) -> {
                pauses.add(delay);
                later.add(task);
            });

    @Test
    void whatTheStoreTakesIsDoneOnce() {
        ends.release("llm", "a", false);
        ends.release("llm", "b", true);
        ends.vacate("llm", "c");
        assertEquals(List.of("a Undone[]", "b Unknown[]", "c vacated"), buckets.asked);
        assertEquals(List.of("let go false", "let go true", "vacated"), told);
        assertEquals(0, later.size());
    }

    @Test
    void whatTheStoreDoesNotTakeIsTriedAgain() {
        buckets.failures = 3;
        ends.release("llm", "a", false);
        while (!later.isEmpty()) {
            later.remove().run();
        }
        assertEquals(List.of("a Undone[]", "a Undone[]", "a Undone[]", "a Undone[]"), buckets.asked);
        assertEquals(List.of("let go false"), told);
        assertEquals(
                List.of(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(200)), List.copyOf(pauses));
    }

    @Test
    void itIsGivenUpWhenSlotsExpireAnyway() {
        buckets.failures = Integer.MAX_VALUE;
        ends.vacate("llm", "a");
        while (!later.isEmpty()) {
            later.remove().run();
        }
        Duration whole = pauses.stream().reduce(Duration.ZERO, Duration::plus);
        assertEquals(true, whole.compareTo(Duration.ofMinutes(1)) > 0 && whole.compareTo(Duration.ofSeconds(65)) < 0);
        assertEquals(List.of(), told);
    }

    @Test
    void noMoreWaitThanMemoryCanHold() {
        buckets.failures = Integer.MAX_VALUE;
        for (int i = 0; i < Ends.MOST_WAITING + 5; i++) {
            ends.vacate("llm", "r" + i);
        }
        assertEquals(Ends.MOST_WAITING, later.size());
    }

    /** Fails as often as it is told, then takes what comes. */
    private static final class FailingBuckets implements Buckets {
        private final List<String> asked = new ArrayList<>();
        private int failures;

        private <T> CompletionStage<T> answer(String what, T value) {
            asked.add(what);
            return failures-- > 0
                    ? CompletableFuture.failedFuture(new StoreUnreachableException("away"))
                    : CompletableFuture.completedFuture(value);
        }

        private static String id(String reservation) {
            return reservation.substring(reservation.lastIndexOf(':') + 1);
        }

        @Override
        public CompletionStage<Settled> settle(String reservation, Usage usage) {
            return answer(id(reservation) + " " + usage, Settled.of(1, usage));
        }

        @Override
        public CompletionStage<Boolean> vacate(String reservation) {
            return answer(id(reservation) + " vacated", true);
        }

        @Override
        public CompletionStage<Outcome> admit(Admission admission) {
            throw new AssertionError("nothing is admitted");
        }

        @Override
        public CompletionStage<Boolean> renew(String reservation, long micros) {
            throw new AssertionError("nothing is renewed");
        }

        @Override
        public CompletionStage<Integer> vacateAll(String bucket) {
            throw new AssertionError("no bucket is emptied");
        }

        @Override
        public void close() {}
    }
}
