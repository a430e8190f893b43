package dev.weir.xds;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs tasks after a while. */
interface Later extends AutoCloseable {
    void run(Runnable task, Duration after);

    /** Drops what has not begun. */
    @Override
    void close();

    /** Runs tasks in a thread that does not keep the service from ending. */
    final class OwnThread implements Later {
        private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "xds");
            thread.setDaemon(true);
            return thread;
        });

        @Override
        public void run(Runnable task, Duration after) {
            // Only what was run before it closed can come here afterwards.
            if (!executor.isShutdown()) {
                var unused = executor.schedule(task, after.toNanos(), TimeUnit.NANOSECONDS);
            }
        }

        @Override
        public void close() {
            executor.shutdownNow();
        }
    }
}
