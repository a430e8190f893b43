package dev.weir;

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
final class FileWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
    private static final int MOST_TOLD = 20;

    private final Duration every;
    private final List<Look> looks = new ArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::lookUntilClosed, "reload");

    /** @param every from one look to the next; zero never looks */
    FileWatch(Duration every) {
        this.every = every;
    }

    /**
     * @param changed takes what was written anew
     * @param refused takes how many problems it has, where it is not used
     */
    <T> void add(Reloader<T> files, Consumer<T> changed, IntConsumer refused) {
        Runnable look = () -> files.look(changed, e -> {
            tell(e);
            refused.accept(e.problems().size());
        });
        looks.add(new Look(look, () -> refused.accept(1)));
    }

    private static void tell(ConfigException e) {
        LOG.error(
                "a change is not used, what was in force before still is; problems: {}",
                e.problems().size());
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

    /** Outlives what breaks in it. As the same change is read again at every look then, it is told once. */
    private static final class Look {
        private final Runnable look;
        private final Runnable refused;
        private boolean broken;

        Look(Runnable look, Runnable refused) {
            this.look = look;
            this.refused = refused;
        }

        void run() {
            try {
                look.run();
                broken = false;
            } catch (Throwable e) {
                // Thrown on, it would end all further looks.
                if (!broken) {
                    broken = true;
                    refused.run();
                    LOG.error("a change could not be read or used; it is tried again until it can be", e);
                }
            }
        }
    }
}
