package dev.weir.bucket.redis;

import dev.weir.bucket.StoreAddressException;
import dev.weir.bucket.StoreUnreachableException;
import dev.weir.retry.RetrySchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the one connection to Redis that calls use, and replaces it when it is closed, when Redis refuses to serve by it, or when
 * {@value #MOST_SILENT} calls in a row had no answer. The first try to open another comes at once, further ones after pauses that grow to
 * half a second. Calls fail meanwhile, and none is sent a second time.
 *
 * <p>Thread-safe. What changes the connection runs in one thread, that of the {@link Line}.
 *
 * @param <C> a connection
 */
final class Link<C> {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final int MOST_SILENT = 3;
    private static final RetrySchedule PAUSES = new RetrySchedule(Duration.ofMillis(10), Duration.ofMillis(500));
    /** A connection that lasts so long has been a good one: the next is opened at once. */
    private static final Duration GOOD = Duration.ofSeconds(1);
    /** The most reasons that are logged in one absence. Reasons may name addresses, of which there may be many. */
    private static final int MOST_REASONS_TOLD = 10;

    /** The connections that a link opens and closes, and its thread and clock. */
    interface Line<C> {
        /** Opens a connection that Redis is sure to serve by, or fails soon. */
        CompletionStage<C> open(RedisAddress address, boolean first);

        /** Runs {@code broken}, once, when a connection is closed from the other side or breaks. */
        void whenBroken(C connection, Runnable broken);

        /** Ends a connection, and with it the calls under way on it. */
        void close(C connection);

        /** Ends a connection when the calls under way on it have had the time to end. */
        void retire(C connection);

        /** Runs a task after a pause, in the link's thread. */
        void later(Duration pause, Runnable task);

        /** Says why a connection could not be opened, without a secret. */
        String reason(Throwable failure);

        /** Tells the time in nanoseconds; it does not go back. */
        long nanoTime();
    }

    private record Absence(Instant since, long nanos, String reason) {}

    private final Line<C> line;
    private final InstantSource clock;
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final AtomicInteger silent = new AtomicInteger();
    /** A flag that is set once the connection has answered a call. */
    private volatile boolean served;

    private final AtomicReference<@Nullable C> current = new AtomicReference<>();
    private volatile @Nullable Absence absence;
    /** The reason why the current address does not work yet while another one is in use. */
    private volatile @Nullable String pending;

    private final Set<String> told = new HashSet<>();
    private RedisAddress address;
    private long giveUp;
    private long openedAt;
    private int failures;
    private boolean opening;
    private volatile boolean closed;

    Link(Line<C> line, InstantSource clock, RedisAddress address) {
        this.line = line;
        this.clock = clock;
        this.address = address;
    }

    /**
     * Opens the first connection.
     *
     * @param wait how long it is tried; zero tries once
     * @return fails as the last try did
     */
    CompletableFuture<Void> open(Duration wait) {
        line.later(Duration.ZERO, () -> {
            long now = line.nanoTime();
            giveUp = now + wait.toNanos();
            absence = new Absence(clock.instant(), now, "it has not been reached yet");
            openSoon();
        });
        return connected;
    }

    /** Calls by the current connection. Without one the stage fails at once, and nothing is sent; nothing is thrown. */
    <T> CompletionStage<T> call(Function<C, CompletionStage<T>> question) {
        C connection = current.get();
        if (connection == null) {
            Absence now = absence;
            return CompletableFuture.failedFuture(
                    new StoreUnreachableException("Redis is not connected" + (now == null ? "" : ": " + now.reason())));
        }
        CompletionStage<T> asked;
        try {
            asked = question.apply(connection);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        return asked.whenComplete((answer, failure) -> heard(connection, failure));
    }

    private void heard(C connection, @Nullable Throwable failure) {
        if (connection != current.get()) {
            return;
        }
        switch (Heard.in(failure)) {
            case ANSWER -> {
                // Looks first: a write after every answer would cost the threads that read it.
                if (silent.get() != 0) {
                    silent.set(0);
                }
                if (!served) {
                    served = true;
                }
            }
            case SILENCE -> {
                if (silent.incrementAndGet() == MOST_SILENT) {
                    leave(connection, MOST_SILENT + " calls in a row had no answer in time");
                }
            }
            case REFUSAL -> leave(connection, line.reason(Objects.requireNonNull(failure)));
            case NOTHING -> {}
        }
    }

    /** Gives up a connection at once, so that no call is sent any more by one that is about to be closed. */
    private void leave(C connection, String reason) {
        if (current.compareAndSet(connection, null)) {
            line.later(Duration.ZERO, () -> lost(connection, reason));
        }
    }

    private void lost(C connection, String reason) {
        line.close(connection);
        if (closed || current.get() != null) {
            // Another one, for a changed address, is already in use.
            return;
        }
        long now = line.nanoTime();
        absence = new Absence(clock.instant(), now, reason);
        told.clear();
        told.add(reason);
        LOG.warn("Redis is gone, and calls fail until it is back: {}", reason);
        if (served || now - openedAt >= GOOD.toNanos()) {
            failures = 0;
        }
        openSoon();
    }

    private void openSoon() {
        if (!opening && !closed) {
            opening = true;
            line.later(pause(failures++), this::tryToOpen);
        }
    }

    /**
     * Returns the pause before the next try.
     *
     * @param failures how many tries have failed before
     */
    static Duration pause(int failures) {
        return failures == 0 ? Duration.ZERO : PAUSES.pause(failures - 1);
    }

    private void tryToOpen() {
        RedisAddress asked = address;
        line.open(asked, !connected.isDone())
                .whenComplete(
                        (connection, failure) -> line.later(Duration.ZERO, () -> opened(asked, connection, failure)));
    }

    private void opened(RedisAddress asked, @Nullable C connection, @Nullable Throwable failure) {
        opening = false;
        if (connection == null) {
            failed(failure == null ? new IllegalStateException("no connection") : Script.causeOf(failure));
        } else if (closed) {
            line.close(connection);
        } else {
            use(connection);
            if (asked.equals(address)) {
                pending = null;
            } else {
                openSoon();
            }
        }
    }

    private void failed(Throwable failure) {
        boolean hopeless = failure instanceof StoreAddressException || line.nanoTime() - giveUp >= 0;
        if (!connected.isDone() && hopeless) {
            closed = true;
            connected.completeExceptionally(failure);
            return;
        }
        String reason = line.reason(failure);
        pending = absence == null ? reason : null;
        tell(reason);
        openSoon();
    }

    /** Logs each reason once in an absence. */
    private void tell(String reason) {
        Absence now = absence;
        if (now != null) {
            absence = new Absence(now.since(), now.nanos(), reason);
        }
        if (told.size() < MOST_REASONS_TOLD && told.add(reason) && !closed) {
            LOG.warn(
                    now == null
                            ? "the changed address, user or password of Redis does not work yet, and the connection"
                                    + " before stays in use: {}"
                            : "Redis cannot be reached, and is tried again: {}",
                    reason);
        }
    }

    private void use(C connection) {
        Absence over = absence;
        long now = line.nanoTime();
        silent.set(0);
        served = false;
        openedAt = now;
        C before = current.getAndSet(connection);
        absence = null;
        if (over == null) {
            LOG.info("Redis is asked with the changed address, user or password from now on");
        } else if (connected.isDone() || !told.isEmpty()) {
            LOG.info("Redis is back after {} ms", (now - over.nanos()) / 1_000_000);
        }
        told.clear();
        connected.complete(null);
        if (before != null) {
            line.retire(before);
        }
        line.whenBroken(connection, () -> leave(connection, "the connection was closed"));
    }

    /** Opens a connection to this address, and once it stands lets go of the one before. */
    void use(RedisAddress changed) {
        line.later(Duration.ZERO, () -> {
            if (!changed.equals(address)) {
                address = changed;
                failures = 0;
                told.clear();
                openSoon();
            }
        });
    }

    boolean isConnected() {
        return current.get() != null;
    }

    /** Says since when Redis has been gone and why; null while it is there. */
    @Nullable
    String absence() {
        Absence now = absence;
        return now == null
                ? null
                : "unreachable since " + now.since().truncatedTo(ChronoUnit.SECONDS) + ": " + now.reason();
    }

    /** Says why a changed address does not work yet while the one before is in use; null where none is waited for. */
    @Nullable
    String pending() {
        return absence == null ? pending : null;
    }

    /** Stops opening connections. Whoever owns the line ends the current one. */
    void close() {
        closed = true;
    }
}
