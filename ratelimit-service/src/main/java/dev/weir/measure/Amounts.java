package dev.weir.measure;

import java.util.Arrays;
import java.util.StringJoiner;

/**
 * Amounts used, by measure. An amount that nobody told is not known, except that of {@link Measure#TOKENS}: where only its parts are told,
 * it is prompt and completion together. Immutable.
 */
public final class Amounts {
    /** The value of an amount that is not known. */
    public static final long UNKNOWN = -1;

    private static final Measure[] MEASURES = Measure.values();

    /** No tokens of any kind. */
    public static final Amounts NO_TOKENS = of(Measure.TOKENS, 0)
            .and(Measure.PROMPT_TOKENS, 0)
            .and(Measure.CACHED_TOKENS, 0)
            .and(Measure.COMPLETION_TOKENS, 0);

    /** The amounts that were told, by the codes of the measures, which count from 1. */
    private final long[] told;

    private Amounts(long[] told) {
        this.told = told;
    }

    /**
     * Returns a single amount.
     *
     * @param amount from 0 to 2^53 - 1
     */
    public static Amounts of(Measure measure, long amount) {
        long[] told = new long[MEASURES.length + 1];
        Arrays.fill(told, UNKNOWN);
        told[measure.code()] = amount;
        return new Amounts(told);
    }

    /** Returns these and another; of two amounts of one measure the first that was told stands. */
    public Amounts and(Measure measure, long amount) {
        if (told[measure.code()] != UNKNOWN) {
            return this;
        }
        long[] all = told.clone();
        all[measure.code()] = amount;
        return new Amounts(all);
    }

    /** Returns these and all others; of two amounts of one measure the first that was told stands. */
    public Amounts and(Amounts others) {
        Amounts all = this;
        for (Measure measure : MEASURES) {
            long other = others.told[measure.code()];
            all = other == UNKNOWN ? all : all.and(measure, other);
        }
        return all;
    }

    /** Returns how much of a measure was used; {@link #UNKNOWN} where that is not known. */
    public long of(Measure measure) {
        long amount = told[measure.code()];
        return amount == UNKNOWN && measure == Measure.TOKENS ? sumOfParts() : amount;
    }

    private long sumOfParts() {
        long prompt = told[Measure.PROMPT_TOKENS.code()];
        long completion = told[Measure.COMPLETION_TOKENS.code()];
        return prompt == UNKNOWN || completion == UNKNOWN ? UNKNOWN : prompt + completion;
    }

    /** Returns how many measures have an amount that is known. */
    public int size() {
        int size = 0;
        for (Measure measure : MEASURES) {
            size += of(measure) == UNKNOWN ? 0 : 1;
        }
        return size;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Amounts amounts && Arrays.equals(told, amounts.told);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(told);
    }

    @Override
    public String toString() {
        StringJoiner words = new StringJoiner(", ");
        for (Measure measure : MEASURES) {
            if (told[measure.code()] != UNKNOWN) {
                words.add(told[measure.code()] + " " + measure.word());
            }
        }
        return words.toString();
    }
}
