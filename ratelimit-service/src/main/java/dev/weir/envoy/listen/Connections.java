package dev.weir.envoy.listen;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Says what the gRPC listener accepts from its clients, and what it shows them.
 *
 * @param bounds the bounds of each connection
 * @param tls null speaks in the clear
 * @param reflection whether anybody may ask which services there are
 */
public record Connections(Bounds bounds, @Nullable ServerTls tls, boolean reflection) {
    /** Connections in the clear, within {@link Bounds#DEFAULT}. */
    public static final Connections PLAIN = new Connections(Bounds.DEFAULT, null, false);

    /**
     * Bounds one connection.
     *
     * @param streams how many calls may be under way, at least 1; a client with more before it hears of the bound loses the connection
     * @param resets how many calls the client may give up a second, at least 1; one that gives up more is cut off
     * @param idle the time after which a connection without a call is closed; null never closes it
     * @param age the age at which the client is asked to connect anew, give or take a tenth; null never asks
     * @param grace how long it may finish its calls then
     */
    public record Bounds(
            int streams,
            int resets,
            @Nullable Duration idle,
            @Nullable Duration age,
            Duration grace) {
        /**
         * Bounds that fit any Envoy. The shipped clusters let at most 65,536 calls be under way. An Envoy gives up a call for each of its
         * clients that leaves, and all of its calls when time is up for all; one of its workers, which has one connection, makes fewer than
         * 20,000 a second. They set no age: Envoy 1.40 may fail a call when it is asked to connect anew.
         */
        public static final Bounds DEFAULT =
                new Bounds(65_536, 20_000, Duration.ofMinutes(5), null, Duration.ofMinutes(1));
    }
}
