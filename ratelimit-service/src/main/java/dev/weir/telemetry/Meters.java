package dev.weir.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/** Makes meters. Asked again for the same name and labels it gives the same meter. */
record Meters(MeterRegistry registry) {
    /** In milliseconds. Envoy's own default time-out is among them, and that of the configuration that is shipped. */
    private static final long[] BUCKETS = {1, 2, 5, 10, 20, 50, 100, 250, 500, 1000};

    /** @param labels name, value, name, value ... */
    Counter counter(String name, String description, String... labels) {
        return Counter.builder(name).description(description).tags(labels).register(registry);
    }

    /** A count that is kept elsewhere and never falls. */
    void counter(String name, String description, Supplier<Number> count) {
        FunctionCounter.builder(name, count, counted -> counted.get().doubleValue())
                .description(description)
                .register(registry);
    }

    /** A number that is kept elsewhere. */
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
