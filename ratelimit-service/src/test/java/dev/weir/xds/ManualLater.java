package dev.weir.xds;

import dev.weir.testing.Await;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Does what is due when a test says so. */
final class ManualLater implements Later {
    private final Deque<Task> tasks = new ArrayDeque<>();
    private boolean closed;

    private record Task(Runnable task, Duration after) {}

    @Override
    public synchronized void run(Runnable task, Duration after) {
        tasks.add(new Task(task, after));
    }

    @Override
    public synchronized void close() {
        closed = true;
        tasks.clear();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized int waiting() {
        return tasks.size();
    }

    /** Waits until there is something to do, does it, and returns after which time it should have been done. */
    Duration runNext() {
        Await.until("something to be done later", () -> waiting() > 0);
        Task next;
        synchronized (this) {
            next = tasks.remove();
        }
        next.task().run();
        return next.after();
    }
}
