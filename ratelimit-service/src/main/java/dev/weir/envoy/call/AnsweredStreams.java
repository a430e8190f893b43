package dev.weir.envoy.call;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what to do if a stream of a connection is reset after its answer was sent. A client that leaves while Envoy waits for an answer
 * makes Envoy reset the stream of its call; where the answer is on the wire by then, the stream has ended for gRPC, which does not report
 * the reset, and Envoy never reads the answer.
 *
 * <p>A table of streams by their numbers, in which a later stream takes the place of an earlier one. It doubles where the earlier one was
 * answered less than {@value #REMEMBERED_NANOS} ns ago, up to {@value #LARGEST} streams. It is small, and has no object of its own for
 * each: what outlives a call costs the garbage collector more than the call.
 */
public final class AnsweredStreams {
    /** The time within which a reset arrives, a round trip and what a busy Envoy takes: it was sent before our answer was read. */
    static final long REMEMBERED_NANOS = 2_000_000_000L;

    /** The most streams: those of two seconds, at the four thousand calls a second that a worker of Envoy's makes at most. */
    static final int LARGEST = 1 << 13;

    private static final int SMALLEST = 64;

    private final LongSupplier nanoTime;
    /** The stream at each place, the time of its answer, and what runs at most once when it is reset; null where there is none. */
    private int[] streams = new int[SMALLEST];

    private long[] times = new long[SMALLEST];
    private @Nullable Runnable[] actions = new Runnable[SMALLEST];

    AnsweredStreams(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Remembers what to run when a stream is reset; must be called before its answer is sent. */
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

    /** Runs what was remembered for a stream that the client has reset; does nothing for one that we do not know. */
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

    /** Returns the place of a stream, by all bits but the lowest: a client's streams have odd numbers. */
    private int place(int stream) {
        return (stream >>> 1) & (actions.length - 1);
    }
}
