package dev.weir.envoy;

import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what is to be done if a stream of a connection is reset after its answer was sent. A client that leaves while Envoy waits
 * for an answer makes Envoy reset the stream of its call; where the answer is on the wire by then, the stream has ended for gRPC, which
 * does not tell of the reset, and Envoy never reads the answer.
 *
 * <p>A table of streams by their numbers, in which a later stream takes the place of an earlier one. It doubles where the earlier one
 * was answered less than {@value #REMEMBERED_NANOS} ns ago, up to {@value #LARGEST} streams.
 */
final class AnsweredStreams {
    /** A reset was sent before our answer was read, so it arrives within a round trip and the time that a busy Envoy takes. */
    static final long REMEMBERED_NANOS = 5_000_000_000L;

    static final int LARGEST = 1 << 15;
    private static final int SMALLEST = 64;

    /** @param whenReset is run once at most */
    private record Answered(int stream, long at, Runnable whenReset) {}

    private final LongSupplier nanoTime;
    private @Nullable Answered[] table = new Answered[SMALLEST];

    AnsweredStreams(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** To be called before the answer is sent. */
    synchronized void remember(int stream, Runnable whenReset) {
        long now = nanoTime.getAsLong();
        Answered there = table[place(stream)];
        while (there != null && now - there.at() < REMEMBERED_NANOS && table.length < LARGEST) {
            grow();
            there = table[place(stream)];
        }
        table[place(stream)] = new Answered(stream, now, whenReset);
    }

    /** The client has reset a stream, whether we know of it or not. */
    void reset(int stream) {
        Answered answered = take(stream);
        if (answered != null) {
            answered.whenReset().run();
        }
    }

    private synchronized @Nullable Answered take(int stream) {
        Answered there = table[place(stream)];
        if (there == null || there.stream() != stream) {
            return null;
        }
        table[place(stream)] = null;
        return there;
    }

    private void grow() {
        @Nullable Answered[] old = table;
        table = Arrays.copyOf(new Answered[0], 2 * old.length);
        for (Answered answered : old) {
            if (answered != null) {
                table[place(answered.stream())] = answered;
            }
        }
    }

    /** The numbers of a client's streams are odd. */
    private int place(int stream) {
        return (stream >>> 1) & (table.length - 1);
    }
}
