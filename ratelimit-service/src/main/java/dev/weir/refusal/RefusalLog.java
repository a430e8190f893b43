package dev.weir.refusal;

import dev.weir.decide.Decision;
import dev.weir.decide.DecisionListener;
import dev.weir.request.Request;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes every refusal as a line of JSON, from a thread of its own. When refusals come faster than they can be written they
 * are merged by domain, limit and reason into records with a count; the counts of all records add up to the refusals.
 */
public final class RefusalLog implements DecisionListener, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);

    private final int capacity;
    private final BlockingQueue<Refusal> queue;
    private final ConcurrentHashMap<Refusal.Kind, Refusal> merged = new ConcurrentHashMap<>();
    private final PrintStream out;
    private final Clock clock;
    private final Thread writer = new Thread(this::writeUntilClosed, "refusal-log");
    private volatile boolean closed;

    /** @param capacity how many refusals wait to be written before they are merged */
    public RefusalLog(PrintStream out, Clock clock, int capacity) {
        this.capacity = capacity;
        this.out = out;
        this.clock = clock;
        this.queue = new ArrayBlockingQueue<>(capacity);
        writer.setDaemon(true);
    }

    public void start() {
        writer.start();
    }

    @Override
    public void decided(Request request, Decision decision, long nanos) {
        if (decision instanceof Decision.Refused refused) {
            Refusal refusal = Refusal.of(clock.instant(), request, refused);
            if (!queue.offer(refusal)) {
                merged.merge(refusal.kind(), refusal, (known, added) -> added.counted(known.count() + added.count()));
            }
        }
    }

    private void writeUntilClosed() {
        while (!closed || !queue.isEmpty() || !merged.isEmpty()) {
            try {
                writeRound(queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("a refusal could not be written", e);
            }
        }
    }

    /** A round ends, whatever still comes, so that what was merged is written during a flood and not only after it. */
    private void writeRound(@Nullable Refusal first) {
        Refusal next = first;
        for (int left = capacity; next != null; left--) {
            out.println(next.toJson());
            next = left > 0 ? queue.poll() : null;
        }
        for (Refusal.Kind kind : merged.keySet()) {
            Refusal refusal = merged.remove(kind);
            if (refusal != null) {
                out.println(refusal.toJson());
            }
        }
        out.flush();
    }

    /** Writes what is left. Refusals that come later are not written. */
    @Override
    public void close() {
        closed = true;
        try {
            writer.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
