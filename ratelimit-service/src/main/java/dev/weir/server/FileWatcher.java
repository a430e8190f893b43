package dev.weir.server;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.Reloader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the files that people write, from a thread of its own, as long as the service runs. */
final class FileWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileWatcher.class);
    private static final int MOST_TOLD = 20;

    private final Duration every;
    private final List<Look<?>> looks = new ArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::lookUntilClosed, "reload");

    /** @param every from one look to the next; zero never looks */
    FileWatcher(Duration every) {
        this.every = every;
    }

    /**
     * Looks at these files too.
     *
     * @param changed takes what was read anew
     * @param refused takes the number of problems of what is not used; once where it stays unreadable for the same reason
     */
    <T> void add(Reloader<T> files, Consumer<T> changed, IntConsumer refused) {
        looks.add(new Look<>(files, changed, refused));
    }

    private static void tell(String what, ConfigException e) {
        LOG.error("{}; problems: {}", what, e.problems().size());
        for (Problem problem :
                e.problems().subList(0, Math.min(MOST_TOLD, e.problems().size()))) {
            LOG.error("{}", problem);
        }
    }

    void start() {
        if (!every.isZero()) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void lookUntilClosed() {
        try {
            while (!closing.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        looks.forEach(Look::run);
    }

    @Override
    public void close() {
        closing.countDown();
    }

    /** Looks at some files, and outlives what breaks in that. Trouble that stays the same from look to look is told once. */
    private static final class Look<T> {
        private final Reloader<T> files;
        private final Consumer<T> changed;
        private final IntConsumer refused;
        /** The failure at the last look that the next look retries; empty where there was none. */
        private String trouble = "";

        private boolean troubled;

        Look(Reloader<T> files, Consumer<T> changed, IntConsumer refused) {
            this.files = files;
            this.changed = changed;
            this.refused = refused;
        }

        void run() {
            troubled = false;
            try {
                files.look(changed, this::refuse);
            } catch (Throwable e) {
                // Thrown on, it would end all further looks.
                if (isNew(e)) {
                    refused.accept(1);
                    LOG.error("a change could not be read or used; it is tried again until it can be", e);
                }
            }
            if (!troubled) {
                trouble = "";
            }
        }

        private void refuse(ConfigException e) {
            if (!e.isUnreadable()) {
                tell("a change is not used, what was in force before still is", e);
                refused.accept(e.problems().size());
            } else if (isNew(e)) {
                tell(
                        "a change cannot be read; it is tried again until it can be, and what was in force before still is",
                        e);
                refused.accept(e.problems().size());
            }
        }

        private boolean isNew(Throwable e) {
            troubled = true;
            String before = trouble;
            trouble = e.toString();
            return !trouble.equals(before);
        }
    }
}
