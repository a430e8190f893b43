package dev.weir.bucket;

import dev.weir.measure.Measure;

/**
 * The effect of a settlement.
 *
 * @param held the estimate of tokens that the reservation held; the largest where its limits estimated differently
 * @param used what stands now in its place
 */
public record Settled(Kind kind, long held, long used) {
    /** The settlement of a reservation that is not, or no longer, there. It changed nothing. */
    public static final Settled UNKNOWN = new Settled(Kind.UNKNOWN, 0, 0);

    /** Returns the settlement of a reservation that held an estimate of {@code held}. */
    public static Settled of(long held, Usage usage) {
        Kind kind = usage instanceof Usage.Unknown ? Kind.KEPT : Kind.SETTLED;
        return new Settled(kind, held, usage.insteadOf(Measure.TOKENS, held));
    }

    public enum Kind {
        /** The estimate was replaced by the true figure. */
        SETTLED,
        /** The true figure is not known; the estimate stays. */
        KEPT,
        /** The reservation was settled before, has expired, or was never given out. */
        UNKNOWN
    }
}
