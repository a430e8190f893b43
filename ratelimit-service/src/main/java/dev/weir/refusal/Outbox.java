package dev.weir.refusal;

import dev.weir.refusal.sink.RefusalSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The records that are on their way, at most a batch: each is kept until the sink has it. For one thread. */
final class Outbox {
    static final int BATCH = 256;

    private final RefusalSink sink;
    private final List<Refusal> kept = new ArrayList<>(BATCH);
    private final AtomicLong refusals = new AtomicLong();

    Outbox(RefusalSink sink) {
        this.sink = sink;
    }

    /** Adds a record. After a failure it may only be called again once {@link #deliver()} has succeeded. */
    void add(Refusal refusal) throws IOException {
        kept.add(refusal);
        refusals.addAndGet(refusal.count());
        if (kept.size() == BATCH) {
            deliver();
        }
    }

    /**
     * @throws IOException if a record could not be written; it and those after it are kept, or all where the flush fails, and none stands
     *     for fewer than before
     */
    void deliver() throws IOException {
        int written = 0;
        try {
            while (written < kept.size()) {
                sink.write(kept.get(written).toJson());
                written++;
            }
        } finally {
            sink.flush();
            List<Refusal> gone = kept.subList(0, written);
            refusals.addAndGet(-gone.stream().mapToLong(Refusal::count).sum());
            gone.clear();
        }
    }

    /** Returns how many refusals the kept records stand for; for any thread. */
    long refusals() {
        return refusals.get();
    }
}
