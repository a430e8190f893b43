package dev.weir.bucket;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock in microseconds that moves when a test says so. */
public final class ManualClock implements LongSupplier {
    /** Some day in 2023. */
    public static final long START = 1_700_000_000_000_000L;

    private final AtomicLong now = new AtomicLong(START);

    public void set(long micros) {
        now.set(micros);
    }

    public void advanceSeconds(double seconds) {
        now.addAndGet(Math.round(seconds * 1e6));
    }

    @Override
    public long getAsLong() {
        return now.get();
    }
}
