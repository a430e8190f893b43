package dev.weir.policy;

import dev.weir.measure.Measure;

/**
 * An amount that a limit allows: {@code 20 requests / 1m}, {@code unlimited requests}.
 *
 * @param amount from 0 to {@link #MAX_AMOUNT}, or {@link #UNLIMITED}
 */
public record Allowance(long amount, Measure measure, Window window) {
    /** The largest amount: doubles, in which Redis's Lua counts, hold every whole number up to it without loss. */
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
