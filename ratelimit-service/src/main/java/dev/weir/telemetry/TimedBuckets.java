package dev.weir.telemetry;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.OverloadedException;
import dev.weir.bucket.OverloadedException.Shed;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Times how long buckets elsewhere take to answer or to fail, including the wait for a turn on our side. Calls for which the store was not
 * asked are counted apart.
 */
final class TimedBuckets implements Buckets {
    private final Buckets buckets;
    private final LongSupplier nanoTime;
    private final Timer admit;
    private final Timer settle;
    private final Timer renew;
    private final Timer vacate;
    private final Map<Shed, Counter> shed = new EnumMap<>(Shed.class);

    /** @param nanoTime a clock in nanoseconds that does not go back */
    TimedBuckets(Buckets buckets, Meters meters, LongSupplier nanoTime) {
        this.buckets = buckets;
        this.nanoTime = nanoTime;
        admit = timer(meters, "admit");
        settle = timer(meters, "settle");
        renew = timer(meters, "renew");
        vacate = timer(meters, "vacate");
        for (Shed reason : Shed.values()) {
            shed.put(
                    reason,
                    meters.counter(
                            "weir.store.shed",
                            "Calls for which the store was not asked, because it would not have answered in time",
                            "reason",
                            reason.word()));
        }
    }

    private static Timer timer(Meters meters, String operation) {
        return meters.timer(
                "weir.store", "From a question to the store to its answer or failure", "operation", operation);
    }

    @Override
    public CompletionStage<Outcome> admit(Admission admission) {
        long start = nanoTime.getAsLong();
        return timed(buckets.admit(admission), admit, start);
    }

    @Override
    public CompletionStage<Settled> settle(String reservation, Usage usage) {
        long start = nanoTime.getAsLong();
        return timed(buckets.settle(reservation, usage), settle, start);
    }

    @Override
    public CompletionStage<Boolean> renew(String reservation, long micros) {
        long start = nanoTime.getAsLong();
        return timed(buckets.renew(reservation, micros), renew, start);
    }

    @Override
    public CompletionStage<Boolean> vacate(String reservation) {
        long start = nanoTime.getAsLong();
        return timed(buckets.vacate(reservation), vacate, start);
    }

    @Override
    public CompletionStage<Integer> vacateAll(String bucket) {
        return buckets.vacateAll(bucket);
    }

    private <T> CompletionStage<T> timed(CompletionStage<T> answer, Timer timer, long start) {
        return answer.whenComplete((done, failure) -> {
            Counter counter = failure == null ? null : shed.get(reason(failure));
            if (counter == null) {
                timer.record(nanoTime.getAsLong() - start, TimeUnit.NANOSECONDS);
            } else {
                counter.increment();
            }
        });
    }

    private static @Nullable Shed reason(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof OverloadedException overloaded ? overloaded.shed() : null;
    }

    @Override
    public void close() {
        buckets.close();
    }
}
