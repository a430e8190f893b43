package dev.weir.server;

import java.util.ArrayDeque;
import java.util.Deque;

/** What is to be closed in the end, the last that was opened first. */
final class Shutdown {
    private final Deque<Runnable> open = new ArrayDeque<>();

    void add(Runnable close) {
        open.push(close);
    }

    /** Closes all; once more it does nothing. */
    void run() {
        while (!open.isEmpty()) {
            open.pop().run();
        }
    }
}
