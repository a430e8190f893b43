package dev.weir.telemetry;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Room on the page for what policies name: the first {@code most} names have a place until the process ends, because a counter that
 * disappeared and came back would lie. Callers show further names together, or not at all. Not thread-safe.
 */
final class MeterNameBudget {
    private final int most;
    private final Set<List<String>> taken = new HashSet<>();

    MeterNameBudget(int most) {
        this.most = most;
    }

    /** Tells whether there is a place for this name, which it then keeps. */
    boolean take(String... name) {
        List<String> parts = List.of(name);
        return taken.contains(parts) || (taken.size() < most && taken.add(parts));
    }
}
