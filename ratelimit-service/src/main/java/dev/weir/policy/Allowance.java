package dev.weir.policy;

import dev.weir.measure.Measure;

/**
 * What a limit allows: {@code 20 requests / 1m}, {@code unlimited requests}.
 *
 * @param amount from 0 to {@link #MAX_AMOUNT}, or {@link #UNLIMITED}
 */
public record Allowance(long amount, Measure measure, Window window) {
    /** The largest whole number that a double holds without loss, which is what Redis's Lua counts in. */
    public static final long MAX_AMOUNT = (1L << 53) - 1;

    public static final long UNLIMITED = Long.MAX_VALUE;

    public boolean unlimited() {
        return amount == UNLIMITED;
    }

    @Override
    public String toString() {
        String what = (unlimited() ? "unlimited" : Long.toString(amount)) + " " + measure.word();
        return window instanceof Window.None ? what : what + " / " + window.text();
    }
}
