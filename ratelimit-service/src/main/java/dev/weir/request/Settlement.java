package dev.weir.request;

import dev.weir.measure.Amounts;
import dev.weir.measure.Measure;

/**
 * The end of a request that held an estimate.
 *
 * @param reservation the id that the admission gave out
 * @param amounts what {@code known} says, by measure; meaningless where that is nothing
 */
public record Settlement(String reservation, Known known, Amounts amounts) {
    /** Says what is known of what a request used. Of two that contradict each other the later one here holds. */
    public enum Known {
        /** Nothing: the estimate is kept. */
        NOTHING,
        /** No amount, but that the provider refused or failed, and so charged for no tokens. */
        UNBILLED,
        /** The number of tokens that it used less than was estimated. */
        UNUSED,
        /** The amounts that it used. */
        USED
    }

    /** Returns one of which nothing is known. */
    public static Settlement keep(String reservation) {
        return new Settlement(reservation, Known.NOTHING, Amounts.NO_TOKENS);
    }

    /** Returns one that used no tokens, since the provider did not answer it. */
    public static Settlement unbilled(String reservation) {
        return new Settlement(reservation, Known.UNBILLED, Amounts.NO_TOKENS);
    }

    /** Returns one that used so many tokens. */
    public static Settlement used(String reservation, long tokens) {
        return used(reservation, Amounts.of(Measure.TOKENS, tokens));
    }

    /** Returns one that used so much. */
    public static Settlement used(String reservation, Amounts amounts) {
        return new Settlement(reservation, Known.USED, amounts);
    }

    /** Returns one that used so many tokens less than was estimated. */
    public static Settlement unused(String reservation, long tokens) {
        return new Settlement(reservation, Known.UNUSED, Amounts.of(Measure.TOKENS, tokens));
    }

    /**
     * Joins what two tell of the same request: the amounts of both, and of two for one measure the first. What is known better holds,
     * whatever their order.
     */
    public Settlement and(Settlement other) {
        if (known != other.known) {
            return known.compareTo(other.known) > 0 ? this : other;
        }
        return known == Known.USED ? used(reservation, amounts.and(other.amounts)) : this;
    }
}
