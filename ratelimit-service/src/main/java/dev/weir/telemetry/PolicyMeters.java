package dev.weir.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Shows which policy is in force, and what became of those that were offered. */
final class PolicyMeters {
    private final Meters meters;
    private final LongSupplier nowMillis;
    private final Counter loaded;
    private final Counter refused;
    private @Nullable Meter version;
    private volatile double loadedAtSeconds;
    private volatile int problems;

    /** @param nowMillis the time of day, in milliseconds since 1970 */
    PolicyMeters(Meters meters, LongSupplier nowMillis) {
        this.meters = meters;
        this.nowMillis = nowMillis;
        loaded = loads("loaded");
        refused = loads("refused");
        Gauge.builder("weir.policy.loaded.timestamp", () -> loadedAtSeconds)
                .description("When the policy that is in force was loaded, since 1970; 0 before the first")
                .baseUnit("seconds")
                .register(meters.registry());
        meters.gauge("weir.policy.problems", "Problems of the policy that was offered last", () -> problems);
    }

    private Counter loads(String outcome) {
        return meters.counter(
                "weir.policy.loads", "Policies that were offered, by what became of them", "outcome", outcome);
    }

    synchronized void loaded(String newVersion) {
        Meter before = version;
        Meter now = meters.gauge("weir.policy.info", "The policy that is in force", () -> 1, "version", newVersion);
        if (before != null && before != now) {
            meters.remove(before);
        }
        version = now;
        loadedAtSeconds = nowMillis.getAsLong() / 1_000.0;
        problems = 0;
        loaded.increment();
    }

    void refused(int newProblems) {
        problems = newProblems;
        refused.increment();
    }
}
