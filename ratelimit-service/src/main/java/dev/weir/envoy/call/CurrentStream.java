package dev.weir.envoy.call;

import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 stream that the thread is reading, which gRPC does not reveal. It is known while a call begins, because calls run on the event
 * loops.
 *
 * @param id the stream's number
 */
public record CurrentStream(ClientConnection connection, int id) {
    private static final ThreadLocal<@Nullable CurrentStream> CURRENT = new ThreadLocal<>();

    /** Returns the stream; null outside of a call from the network. */
    public static @Nullable CurrentStream get() {
        return CURRENT.get();
    }

    public static void set(ClientConnection connection, int id) {
        CURRENT.set(new CurrentStream(connection, id));
    }

    public static void clear() {
        CURRENT.set(null);
    }

    void whenReset(Runnable action) {
        connection.answered().remember(id, action);
    }

    @Nullable
    public Peer peer() {
        return connection.peer();
    }
}
