package dev.weir.telemetry;

import io.micrometer.core.instrument.Counter;

/** Counts the changes of a file under the running service, by what became of them. */
public final class Loads {
    private final Counter loaded;
    private final Counter refused;

    /** @param name the name of the counter; {@code description} begins with what is counted */
    Loads(Meters meters, String name, String description) {
        loaded = meters.counter(name, description, "outcome", "loaded");
        refused = meters.counter(name, description, "outcome", "refused");
    }

    /** Counts a change that is used from now on. */
    public void loaded() {
        loaded.increment();
    }

    /** Counts a change that is not used: it has mistakes or cannot be read. What was in use before still is. */
    public void refused() {
        refused.increment();
    }
}
