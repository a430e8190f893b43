package dev.weir.refusal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Settled;
import dev.weir.decide.Decision;
import dev.weir.decide.Decisions;
import dev.weir.decide.RefusalReason;
import dev.weir.refusal.sink.RefusalSink;
import dev.weir.refusal.sink.StreamSink;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** R1.6, R6.3: every refusal is accounted for in the log, however many there are. */
@Timeout(30)
class RefusalLogTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);

    @Test
    void everyRefusalIsALineAndNothingElseIs() {
        Output output = new Output();
        try (RefusalLog log = started(output, 100)) {
            refuse(log, RefusalReason.OVER_LIMIT, "alice");
            log.decided(request("bob"), Decision.Allowed.NOTHING_ASKED, 1);
            log.settled("llm", Settled.UNKNOWN);
            log.failed("llm", new IllegalStateException(), 1);
            refuse(log, RefusalReason.OVER_LIMIT, "carol");
        }

        assertEquals(List.of("alice", "carol"), users(output.records()));
        assertEquals(2, count(output.records()));
        assertEquals("2026-01-01T12:00:00Z", output.records().get(0).get("time").getAsString());
    }

    @Test
    void whatCannotWaitIsMergedByReasonAndCounted() {
        Output output = new Output();
        try (RefusalLog log = new RefusalLog(new StreamSink(output), NOON, 1)) {
            for (int i = 0; i < 500; i++) {
                refuse(log, RefusalReason.OVER_LIMIT, "user-" + i);
                refuse(log, RefusalReason.NEVER_FITS, "user-" + i);
            }
            // Until here nothing is written, so only one refusal found a place.
            log.start();
        }

        List<JsonObject> records = output.records();
        assertEquals(1_000, count(records));
        assertEquals(3, records.size());
        JsonObject merged = records.get(records.size() - 1);
        assertTrue(merged.get("count").getAsLong() >= 499, merged::toString);
        assertEquals(
                "user-499", merged.getAsJsonObject("attributes").get("user").getAsString());
    }

    @Test
    void underAFloodFromManyThreadsNoRefusalIsLost() throws InterruptedException {
        int threads = 4;
        int each = 5_000;
        Output output = new Output();
        try (RefusalLog log = started(output, 2)) {
            List<Thread> flood = IntStream.range(0, threads)
                    .mapToObj(i -> new Thread(() -> {
                        for (int n = 0; n < each; n++) {
                            refuse(log, n % 2 == 0 ? RefusalReason.OVER_LIMIT : RefusalReason.NEVER_FITS, "user-" + i);
                        }
                    }))
                    .toList();
            flood.forEach(Thread::start);
            for (Thread thread : flood) {
                thread.join();
            }
        }

        assertEquals((long) threads * each, count(output.records()));
    }

    @Test
    void duringAFloodTheMergedOnesAreWrittenAndNotOnlyAfterIt() {
        FloodedOutput output = new FloodedOutput();
        RefusalLog log = new RefusalLog(output, NOON, 2);
        output.log = log;
        refuse(log, RefusalReason.OVER_LIMIT, "first");
        log.start();
        log.close();

        List<JsonObject> records = output.lines.stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
        assertEquals(1 + 3 * FloodedOutput.LINES, count(records));
        assertTrue(count(records.subList(0, 20)) > 20, "nothing merged among the first lines");
    }

    @Test
    void aValueThatIsNotTextDoesNotBreakItsLine() {
        Output output = new Output();
        try (RefusalLog log = started(output, 10)) {
            refuse(log, RefusalReason.OVER_LIMIT, "a\n{\"count\":9}\udcff");
            refuse(log, RefusalReason.OVER_LIMIT, "bob");
        }

        assertEquals(2, output.records().size());
        assertEquals(2, count(output.records()));
    }

    private static RefusalLog started(Output output, int capacity) {
        RefusalLog log = new RefusalLog(new StreamSink(output), NOON, capacity);
        log.start();
        return log;
    }

    private static void refuse(RefusalLog log, RefusalReason reason, String user) {
        log.decided(request(user), Decisions.refused(reason, null, List.of(), BucketStatus.NEVER, "No."), 1);
    }

    private static Request request(String user) {
        return new Request("llm", null, List.of(new Descriptor(Attributes.of("user", user), 1)), List.of());
    }

    private static long count(List<JsonObject> records) {
        return records.stream()
                .mapToLong(record -> record.get("count").getAsLong())
                .sum();
    }

    private static List<String> users(List<JsonObject> records) {
        return records.stream()
                .map(record -> record.getAsJsonObject("attributes").get("user").getAsString())
                .toList();
    }

    /** While a line is written three more are refused, so the queue is never empty. */
    private static final class FloodedOutput implements RefusalSink {
        static final int LINES = 100;

        private final List<String> lines = new ArrayList<>();
        private @Nullable RefusalLog log;

        @Override
        public void write(String line) {
            lines.add(line);
            for (int i = 0; i < 3 && lines.size() <= LINES; i++) {
                refuse(log, RefusalReason.OVER_LIMIT, "user-" + i);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private static final class Output extends ByteArrayOutputStream {
        /** Every line as JSON; fails where one is not. */
        List<JsonObject> records() {
            return toString(StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .toList();
        }
    }
}
