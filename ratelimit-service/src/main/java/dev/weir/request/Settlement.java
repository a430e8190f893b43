package dev.weir.request;

/**
 * The end of a request that held an estimate.
 *
 * @param reservation the id that the admission gave out
 * @param tokens what {@code known} says; 0 where that is nothing
 */
public record Settlement(String reservation, Known known, long tokens) {
    /** What is known of the tokens that a request used. */
    public enum Known {
        /** Nothing: the estimate is kept. */
        NOTHING,
        /** How many they were. */
        USED,
        /** How many fewer they were than the estimate. */
        UNUSED
    }

    public static Settlement keep(String reservation) {
        return new Settlement(reservation, Known.NOTHING, 0);
    }

    public static Settlement used(String reservation, long tokens) {
        return new Settlement(reservation, Known.USED, tokens);
    }

    public static Settlement unused(String reservation, long tokens) {
        return new Settlement(reservation, Known.UNUSED, tokens);
    }
}
