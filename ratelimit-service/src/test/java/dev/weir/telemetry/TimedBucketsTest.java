package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.OverloadedException;
import dev.weir.bucket.OverloadedException.Shed;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** R6.3: how long the store takes. */
class TimedBucketsTest {
    private static final Admission ADMISSION = new Admission(List.of(), null, 0);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SlowBuckets store = new SlowBuckets();
    private long nanos = 1_000;
    private final Buckets buckets = new TimedBuckets(store, new Meters(registry), () -> nanos);

    @Test
    void theTimeUntilTheAnswerIsRecordedByOperation() {
        Outcome full = new Outcome.Full();
        CompletionStage<Outcome> answer = buckets.admit(ADMISSION);
        nanos += 3_000_000;
        assertEquals(0, count("admit"));
        store.admitted.complete(full);
        assertSame(full, answer.toCompletableFuture().join());
        buckets.settle("r", Usage.of(1));
        buckets.renew("r", 1_000);
        nanos += 5_000_000;
        store.settled.complete(Settled.UNKNOWN);
        nanos += 2_000_000;
        store.renewed.complete(true);

        assertEquals(1, count("admit"));
        assertEquals(3, millis("admit"));
        assertEquals(5, millis("settle"));
        assertEquals(7, millis("renew"));
    }

    @Test
    void aFailureTakesTimeTooAndStaysAFailure() {
        CompletionStage<Outcome> answer = buckets.admit(ADMISSION);
        nanos += 200_000_000;
        store.admitted.completeExceptionally(new IllegalStateException("gone"));

        assertEquals(200, millis("admit"));
        CompletionException e = assertThrows(
                CompletionException.class, () -> answer.toCompletableFuture().join());
        assertEquals("gone", String.valueOf(e.getCause().getMessage()));
    }

    @Test
    void whatWasNotSentIsCountedByReasonAndTakesNoTime() {
        buckets.admit(ADMISSION);
        store.admitted.completeExceptionally(new CompletionException(new OverloadedException(Shed.WAITED)));

        assertEquals(0, count("admit"));
        assertEquals(1, shed("waited"));
        assertEquals(0, shed("too_long"));
    }

    private double shed(String reason) {
        return registry.get("weir.store.shed").tag("reason", reason).counter().count();
    }

    @Test
    void closingClosesTheStore() {
        buckets.close();
        assertTrue(store.closed);
    }

    private long count(String operation) {
        return registry.get("weir.store").tag("operation", operation).timer().count();
    }

    private double millis(String operation) {
        return registry.get("weir.store").tag("operation", operation).timer().totalTime(TimeUnit.MILLISECONDS);
    }

    /** Answers when the test says so. */
    private static final class SlowBuckets implements Buckets {
        private final CompletableFuture<Outcome> admitted = new CompletableFuture<>();
        private final CompletableFuture<Settled> settled = new CompletableFuture<>();
        private final CompletableFuture<Boolean> renewed = new CompletableFuture<>();
        private boolean closed;

        @Override
        public CompletionStage<Outcome> admit(Admission admission) {
            return admitted;
        }

        @Override
        public CompletionStage<Settled> settle(String reservation, Usage usage) {
            return settled;
        }

        @Override
        public CompletionStage<Boolean> vacate(String reservation) {
            throw new AssertionError("asked to vacate " + reservation);
        }

        @Override
        public CompletionStage<Integer> vacateAll(String bucket) {
            throw new AssertionError("asked to vacate " + bucket);
        }

        @Override
        public CompletionStage<Boolean> renew(String reservation, long micros) {
            return renewed;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
