package dev.weir.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/** Makes meters. Returns the same meter when asked again for the same name and labels. */
record Meters(MeterRegistry registry) {
    /** The bounds of timers' buckets, in milliseconds; among them are the time-outs of Envoy's default and of the shipped configuration. */
    private static final long[] BUCKETS = {1, 2, 5, 10, 20, 50, 100, 250, 500, 1000};

    /** @param labels name, value, name, value ... */
    Counter counter(String name, String description, String... labels) {
        return Counter.builder(name).description(description).tags(labels).register(registry);
    }

    /** Adds a count that is kept elsewhere and never falls. */
    void counter(String name, String description, Supplier<Number> count) {
        FunctionCounter.builder(name, count, counted -> counted.get().doubleValue())
                .description(description)
                .register(registry);
    }

    /** Adds a number that is kept elsewhere. */
    Gauge gauge(String name, String description, Supplier<Number> value, String... labels) {
        return Gauge.builder(name, value).description(description).tags(labels).register(registry);
    }

    Timer timer(String name, String description, String... labels) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(buckets())
                .tags(labels)
                .register(registry);
    }

    private static Duration[] buckets() {
        Duration[] buckets = new Duration[BUCKETS.length];
        for (int i = 0; i < BUCKETS.length; i++) {
            buckets[i] = Duration.ofMillis(BUCKETS[i]);
        }
        return buckets;
    }

    void remove(Meter meter) {
        registry.remove(meter);
    }
}
