package dev.weir.telemetry;

import dev.weir.bucket.OverloadedException;
import dev.weir.bucket.StoreUnreachableException;
import dev.weir.decide.Decision;
import dev.weir.decide.DecisionListener;
import dev.weir.request.Request;
import dev.weir.text.PrintableText;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what somebody has to mend: a store that cannot be asked, calls that cannot be understood. Writes at most a line a second for each,
 * with the number of events that had none.
 */
public final class TroubleLog implements DecisionListener {
    private static final Logger LOG = LoggerFactory.getLogger(TroubleLog.class);
    private static final long PAUSE_NANOS = 1_000_000_000;

    private final Pace failures;
    private final Pace invalid;

    /** @param nanoTime a clock in nanoseconds that does not go back */
    public TroubleLog(LongSupplier nanoTime) {
        failures = new Pace(nanoTime);
        invalid = new Pace(nanoTime);
    }

    @Override
    public void decided(Request request, Decision decision, long nanos) {
        if (decision instanceof Decision.Invalid wrong) {
            rejected(wrong.problem());
        }
    }

    @Override
    public void rejected(String problem) {
        long silent = invalid.silentBefore();
        if (silent >= 0) {
            LOG.warn(
                    "Envoy's call cannot be answered: {} ({} more since the last such line)",
                    PrintableText.line(problem),
                    silent);
        }
    }

    @Override
    public void failed(String domain, Throwable cause, long nanos) {
        long silent = failures.silentBefore();
        if (silent >= 0) {
            LOG.error("the store cannot be asked: {} ({} more since the last such line)", words(cause), silent);
        }
    }

    /** Returns the message of an exception that we expect, as it says all; of any other the class too. */
    private static String words(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean expected = cause instanceof StoreUnreachableException || cause instanceof OverloadedException;
        return String.valueOf(expected ? cause.getMessage() : cause);
    }

    /** Lets one event a second through and counts the others. */
    private static final class Pace {
        private final LongSupplier nanoTime;
        private final AtomicLong next;
        private final AtomicLong silent = new AtomicLong();

        Pace(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
            this.next = new AtomicLong(nanoTime.getAsLong());
        }

        /** Returns how many events were kept silent before this one; -1 if this one must be silent too. */
        long silentBefore() {
            long now = nanoTime.getAsLong();
            long due = next.get();
            if (now - due >= 0 && next.compareAndSet(due, now + PAUSE_NANOS)) {
                return silent.getAndSet(0);
            }
            silent.incrementAndGet();
            return -1;
        }
    }
}
