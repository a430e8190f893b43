package dev.weir.refusal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decisions;
import dev.weir.decide.RefusalReason;
import dev.weir.refusal.sink.RefusalSink;
import dev.weir.request.Request;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R1.6: what a sink does not have is kept, and no more than a batch of it. */
class OutboxTest {
    private static final Refusal REFUSAL = Refusal.of(
            Instant.EPOCH,
            new Request("llm", null, List.of(), List.of()),
            Decisions.refused(RefusalReason.STORE_FULL, null, List.of(), BucketStatus.NEVER, "No."),
            false);

    private final Buffer buffer = new Buffer();
    private final Outbox outbox = new Outbox(buffer);

    @Test
    void aFullBatchIsDelivered() throws IOException {
        for (int i = 1; i < Outbox.BATCH; i++) {
            outbox.add(REFUSAL);
        }
        assertEquals(Outbox.BATCH - 1, outbox.refusals());
        outbox.add(REFUSAL);

        assertEquals(Outbox.BATCH, buffer.arrived.size());
        assertEquals(0, outbox.refusals());
    }

    @Test
    void whatMayHaveGotLostOnItsWayIsWrittenAgain() throws IOException {
        outbox.add(REFUSAL.counted(7));
        outbox.add(REFUSAL);
        buffer.fails = true;
        assertThrows(IOException.class, outbox::deliver);
        assertEquals(8, outbox.refusals());

        buffer.fails = false;
        outbox.deliver();
        assertEquals(2, buffer.arrived.size());
        assertEquals(0, outbox.refusals());
    }

    /** Loses what it holds where it fails. */
    private static final class Buffer implements RefusalSink {
        private final List<String> taken = new ArrayList<>();
        private final List<String> arrived = new ArrayList<>();
        private boolean fails;

        @Override
        public void write(String record) {
            taken.add(record);
        }

        @Override
        public void flush() throws IOException {
            List<String> lines = List.copyOf(taken);
            taken.clear();
            if (fails) {
                throw new IOException("Broken pipe");
            }
            arrived.addAll(lines);
        }

        @Override
        public void close() {}
    }
}
