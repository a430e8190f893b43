package dev.weir.policy;

/**
 * What a limit allows: {@code 20 requests / 1m}.
 *
 * @param amount from 0 to {@link #MAX_AMOUNT}
 */
public record Allowance(long amount, Measure measure, Window window) {
    /** The largest whole number that a double holds without loss, which is what Redis's Lua counts in. */
    public static final long MAX_AMOUNT = (1L << 53) - 1;

    @Override
    public String toString() {
        String what = amount + " " + measure.word();
        return window instanceof Window.None ? what : what + " / " + window.text();
    }
}
