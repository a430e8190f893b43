package dev.weir.policy;

/**
 * What a limit on tokens holds until it learns what was used.
 *
 * @param amount for requests that do not say how much they may use
 * @param after hold nothing, whatever a request says: all is charged at its end
 */
public record Estimate(long amount, boolean after) {
    public static final Estimate NONE = new Estimate(0, false);
}
