package dev.weir.envoy.call;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what is to be done if a stream of a connection is reset after its answer was sent. A client that leaves while Envoy waits
 * for an answer makes Envoy reset the stream of its call; where the answer is on the wire by then, the stream has ended for gRPC, which
 * does not tell of the reset, and Envoy never reads the answer.
 *
 * <p>A table of streams by their numbers, in which a later stream takes the place of an earlier one. It doubles where the earlier one
 * was answered less than {@value #REMEMBERED_NANOS} ns ago, up to {@value #LARGEST} streams. It is small, and has no object of its own for
 * each: what outlives a call costs the garbage collector more than the call.
 */
public final class AnsweredStreams {
    /** A reset was sent before our answer was read, so it arrives within a round trip and the time that a busy Envoy takes. */
    static final long REMEMBERED_NANOS = 2_000_000_000L;

    /** At the four thousand calls a second that a worker of Envoy's makes at most, those of two seconds. */
    static final int LARGEST = 1 << 13;

    private static final int SMALLEST = 64;

    private final LongSupplier nanoTime;
    /** The stream at each place, when it was answered, and what is run at most once when it is reset; null where there is none. */
    private int[] streams = new int[SMALLEST];

    private long[] times = new long[SMALLEST];
    private @Nullable Runnable[] actions = new Runnable[SMALLEST];

    AnsweredStreams(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** To be called before the answer is sent. */
    public synchronized void remember(int stream, Runnable whenReset) {
        long now = nanoTime.getAsLong();
        int place = place(stream);
        while (actions[place] != null && now - times[place] < REMEMBERED_NANOS && actions.length < LARGEST) {
            grow();
            place = place(stream);
        }
        put(place, stream, now, whenReset);
    }

    private void put(int place, int stream, long time, @Nullable Runnable action) {
        streams[place] = stream;
        times[place] = time;
        actions[place] = action;
    }

    /** The client has reset a stream, whether we know of it or not. */
    public void reset(int stream) {
        Runnable action = take(stream);
        if (action != null) {
            action.run();
        }
    }

    private synchronized @Nullable Runnable take(int stream) {
        int place = place(stream);
        Runnable action = streams[place] == stream ? actions[place] : null;
        if (action != null) {
            actions[place] = null;
        }
        return action;
    }

    private void grow() {
        int[] oldStreams = streams;
        long[] oldTimes = times;
        @Nullable Runnable[] oldActions = actions;
        int size = 2 * oldActions.length;
        streams = new int[size];
        times = new long[size];
        actions = new Runnable[size];
        for (int i = 0; i < oldActions.length; i++) {
            if (oldActions[i] != null) {
                put(place(oldStreams[i]), oldStreams[i], oldTimes[i], oldActions[i]);
            }
        }
    }

    /** The numbers of a client's streams are odd. */
    private int place(int stream) {
        return (stream >>> 1) & (actions.length - 1);
    }
}
