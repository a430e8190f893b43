package dev.weir.refusal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.weir.refusal.sink.RefusalSink;
import dev.weir.testing.Await;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** R1.6: a refusal is accounted for while its record cannot be written, too. */
@Timeout(30)
class FailingSinkTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);

    private final Disk disk = new Disk();
    private final RefusalLog log = new RefusalLog(disk, NOON, 8, Duration.ofMillis(1));

    @Test
    void whatCouldNotBeWrittenIsWrittenWhenItCanBe() {
        disk.full = true;
        log.start();
        IntStream.range(0, 1_000).forEach(i -> Refused.by(log, i % 2 == 0 ? "user" : "all", "user-" + i));
        Await.until("some failures", () -> disk.failures > 3);
        assertTrue(log.failing());
        assertEquals(1_000, log.waiting());
        assertEquals(List.of(), disk.lines);

        disk.full = false;
        Await.until("all records", () -> Refused.sum(records(), "count") == 1_000);
        Await.until("its end", () -> !log.failing());
        log.close();

        assertEquals(1_000, Refused.sum(records(), "count"));
        assertEquals(0, log.waiting());
        assertTrue(records().size() < 30, () -> records().size() + " records");
        assertEquals("000000000000", records().get(0).get("policy").getAsString());
    }

    @Test
    void whatFailsHalfWayThroughABatchIsNotWrittenTwice() {
        disk.room = 3;
        IntStream.range(0, 6).forEach(i -> Refused.by(log, "user", "user-" + i));
        Refused.admit(log, "user");
        log.start();
        Await.until("some failures", () -> disk.failures > 3);
        assertEquals(3, disk.lines.size());
        disk.room = Integer.MAX_VALUE;
        Await.until("all records", () -> disk.lines.size() >= 6);
        log.close();

        assertEquals(
                IntStream.range(0, 6).mapToObj(i -> "user-" + i).toList(),
                records().stream()
                        .map(record ->
                                record.getAsJsonObject("attributes").get("user").getAsString())
                        .toList());
        assertEquals(1, Refused.sum(records(), "admitted"));
    }

    @Test
    void aSinkWithAMistakeDoesNotEndTheLog() {
        disk.broken = true;
        log.start();
        Refused.by(log, "user", "alice");
        Await.until("some failures", () -> disk.failures > 3);
        disk.broken = false;
        log.close();

        assertEquals(1, Refused.sum(records(), "count"));
        assertTrue(disk.closed);
    }

    @Test
    void anErrorDoesNotEndTheLogEither() {
        disk.exhausted = true;
        log.start();
        Refused.by(log, "user", "alice");
        Await.until("some failures", () -> disk.failures > 3);
        assertTrue(log.failing());
        disk.exhausted = false;
        log.close();

        assertEquals(1, Refused.sum(records(), "count"));
        assertTrue(disk.closed);
    }

    @Test
    void aSinkThatNeverRecoversDoesNotKeepTheServiceFromEnding() {
        disk.full = true;
        log.start();
        Refused.by(log, "user", "alice");
        log.close();

        assertTrue(disk.closed);
        assertTrue(log.failing());
        assertFalse(disk.failures == 0);
    }

    private List<JsonObject> records() {
        return Refused.records(disk.lines);
    }

    /** Has room, or not. */
    private static final class Disk implements RefusalSink {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private volatile boolean full;
        private volatile boolean broken;
        private volatile boolean exhausted;
        private volatile boolean closed;
        private volatile int room = Integer.MAX_VALUE;
        private volatile int failures;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate")
        public void write(String record) throws IOException {
            if (full || broken || exhausted || lines.size() >= room) {
                failures++;
                if (broken) {
                    throw new IllegalStateException("a mistake");
                }
                if (exhausted) {
                    throw new OutOfMemoryError("for a moment");
                }
                throw new IOException("No space left on device");
            }
            lines.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            closed = true;
        }
    }
}
