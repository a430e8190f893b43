package dev.weir.server;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes in the end what was opened, the last first. */
final class Shutdown {
    private final Deque<Runnable> open = new ArrayDeque<>();

    void add(Runnable close) {
        open.push(close);
    }

    /** Closes all; a second run does nothing. */
    void run() {
        while (!open.isEmpty()) {
            open.pop().run();
        }
    }
}
