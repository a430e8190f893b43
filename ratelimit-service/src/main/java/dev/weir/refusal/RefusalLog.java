package dev.weir.refusal;

import dev.weir.decide.Decision;
import dev.weir.decide.DecisionListener;
import dev.weir.refusal.sink.RefusalSink;
import dev.weir.request.Request;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes every refusal as a line of JSON, from a thread of its own. When refusals come faster than they can be written they are merged by
 * domain, limit and reason into records with a count; the counts of all records add up to the refusals. The same holds while the sink
 * fails: it is tried again every second, and what waits is bounded by the policy, because records are merged by its limits.
 */
public final class RefusalLog implements DecisionListener, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);
    private static final long POLL_MILLIS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);

    private final int capacity;
    private final BlockingQueue<Refusal> queue;
    private final ConcurrentHashMap<Refusal.Kind, Refusal> merged = new ConcurrentHashMap<>();
    private final AdmittedCounts admissions = new AdmittedCounts();
    private final RefusalSink sink;
    private final Outbox outbox;
    private final Clock clock;
    private final Duration tryAgain;
    private final Thread writer = new Thread(this::writeUntilClosed, "refusal-log");
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean failing;

    /**
     * @param sink is closed with this
     * @param capacity how many refusals wait to be written before they are merged
     */
    public RefusalLog(RefusalSink sink, Clock clock, int capacity) {
        this(sink, clock, capacity, TRY_AGAIN);
    }

    RefusalLog(RefusalSink sink, Clock clock, int capacity, Duration tryAgain) {
        this.capacity = capacity;
        this.sink = sink;
        this.outbox = new Outbox(sink);
        this.clock = clock;
        this.tryAgain = tryAgain;
        this.queue = new ArrayBlockingQueue<>(capacity);
        writer.setDaemon(true);
    }

    public void start() {
        writer.start();
    }

    @Override
    public void decided(Request request, Decision decision, long nanos) {
        if (decision instanceof Decision.Allowed allowed) {
            admissions.count(request.domain(), allowed);
            for (Decision.Refused shadow : allowed.shadowRefusals()) {
                add(Refusal.of(clock.instant(), request, shadow, true));
            }
        } else if (decision instanceof Decision.Refused refused) {
            add(Refusal.of(clock.instant(), request, refused, false));
        }
    }

    private void add(Refusal refusal) {
        if (!queue.offer(refusal)) {
            merged.merge(refusal.kind(), refusal, (known, added) -> added.counted(known.count() + added.count()));
        }
    }

    /** Tells whether records are kept because the sink does not take them; for a metric. */
    public boolean failing() {
        return failing;
    }

    private void writeUntilClosed() {
        boolean more = true;
        while (more) {
            // Read first: what was accepted before closing is then seen below.
            boolean closed = closing.getCount() == 0;
            try {
                if (failing) {
                    closing.await(tryAgain.toMillis(), TimeUnit.MILLISECONDS);
                }
                writeRound();
                more = !closed || !queue.isEmpty() || !merged.isEmpty();
                written();
            } catch (InterruptedException e) {
                LOG.warn("the refusal log was interrupted and goes on; it ends when it is closed");
            } catch (Throwable e) {
                // An error, too: memory may be full for a moment, and nobody else writes.
                more = !closed;
                failed(e);
            }
        }
        long lost = waiting();
        if (lost > 0) {
            LOG.error("{} refusals could not be written before the end", lost);
        }
    }

    /** Writes one round, which ends whatever still comes, so that what was merged is written during a flood and not only after it. */
    private void writeRound() throws IOException, InterruptedException {
        outbox.deliver();
        Refusal next = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        for (int left = capacity; next != null; left--) {
            outbox.add(next.beside(admissions));
            next = left > 0 ? queue.poll() : null;
        }
        for (Refusal.Kind kind : merged.keySet()) {
            Refusal refusal = merged.remove(kind);
            if (refusal != null) {
                outbox.add(refusal.beside(admissions));
            }
        }
        outbox.deliver();
    }

    private void written() {
        if (failing) {
            failing = false;
            LOG.info("refusals are written again");
        }
    }

    private void failed(Throwable cause) {
        if (!failing) {
            failing = true;
            LOG.error("refusals cannot be written; they are kept, counted and tried again", cause);
        }
    }

    /** Returns how many refusals are not written yet; for a metric. Those on their way between two places may be missed. */
    public long waiting() {
        return outbox.refusals()
                + LongStream.concat(
                                queue.stream().mapToLong(Refusal::count),
                                merged.values().stream().mapToLong(Refusal::count))
                        .sum();
    }

    /** Writes what is left, and closes the sink. Refusals that come later are not written. */
    @Override
    public void close() {
        closing.countDown();
        try {
            writer.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (writer.isAlive()) {
            LOG.error("refusals are still being written; what does not get through before the end is lost");
            return;
        }
        try {
            sink.close();
        } catch (IOException e) {
            LOG.error("refusals may be lost", e);
        }
    }
}
