package dev.weir.decide;

import java.time.Duration;

/** Runs something later. */
@FunctionalInterface
public interface Timer {
    /** @param task must not block */
    void after(Duration delay, Runnable task);
}
