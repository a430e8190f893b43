package dev.weir.bucket;

/** Tells how long a caller will go on waiting for an answer of the store. Thread-safe, and cheap to ask. */
@FunctionalInterface
public interface Patience {
    /** A caller that waits for as long as the store itself allows. */
    Patience ENDLESS = now -> Long.MAX_VALUE;

    /**
     * Returns how much time is left.
     *
     * @param nanoTime the time now, by {@link System#nanoTime}
     * @return nanoseconds; 0 or less where nobody waits any more, {@code Long.MAX_VALUE} where there is no end
     */
    long nanosLeft(long nanoTime);
}
