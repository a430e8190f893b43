package dev.weir.refusal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decisions;
import dev.weir.decide.LimitStatus;
import dev.weir.refusal.sink.RefusalSink;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** R1.6: how many requests got through. */
@Timeout(30)
class AdmittedCountsTest {
    private final AdmittedCounts admissions = new AdmittedCounts();

    @Test
    void anAdmissionIsToldOnceForEachOfItsLimits() {
        admissions.count(
                "llm", Decisions.allowed(List.of(Refused.standing("user", 1), Refused.standing("all", 1)), null));
        admissions.count("llm", Decisions.allowed(List.of(Refused.standing("all", 0)), null));
        admissions.count("api", Decisions.allowed(List.of(Refused.standing("user", 1)), null));

        assertEquals(1, admissions.take("llm", "user", false));
        assertEquals(2, admissions.take("llm", "all", false));
        assertEquals(0, admissions.take("llm", "user", false));
        assertEquals(1, admissions.take("api", "user", false));
        assertEquals(0, admissions.take("api", "all", false));
        assertEquals(0, admissions.take("web", "all", false));
    }

    @Test
    void aRequestThatReachesTwoBucketsOfALimitIsOneAndWhatIsGivenBackIsNone() {
        admissions.count(
                "llm", Decisions.allowed(List.of(Refused.standing("user", 1), Refused.standing("user", 1)), null));
        admissions.count("llm", Decisions.allowed(List.of(Refused.standing("user", -1)), null));

        assertEquals(1, admissions.take("llm", "user", false));
    }

    @Test
    void whatALimitInShadowWouldHaveLetThroughIsCountedApart() {
        LimitStatus through = new LimitStatus(Refused.standing("user", 1).limit(), 0, 1, new BucketStatus(1, 1, 0));
        LimitStatus over = new LimitStatus(through.limit(), 0, 1, new BucketStatus(5, 1, 1));
        admissions.count("llm", Decisions.shadowed(List.of(through)));
        admissions.count("llm", Decisions.shadowed(List.of(over)));
        admissions.count("llm", Decisions.allowed(List.of(through), null));

        assertEquals(1, admissions.take("llm", "user", true));
        assertEquals(0, admissions.take("llm", "user", true));
        assertEquals(1, admissions.take("llm", "user", false));
    }

    @Test
    void inAFloodWithASlowSinkAllRefusalsAndAllAdmissionsAreInTheRecords() throws InterruptedException {
        int threads = 4;
        int each = 2_000;
        SlowSink sink = new SlowSink();
        RefusalLog log = new RefusalLog(sink, Clock.systemUTC(), 16);
        log.start();
        CountDownLatch halfWay = new CountDownLatch(threads);
        List<Thread> flood = IntStream.range(0, threads)
                .mapToObj(thread -> new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        Refused.by(log, i % 3 == 0 ? "all" : "user", "user-" + thread);
                        Refused.admit(log, "user", "all");
                        if (i == each / 2) {
                            halfWay.countDown();
                        }
                    }
                }))
                .toList();
        flood.forEach(Thread::start);
        halfWay.await();
        sink.gate.countDown();
        for (Thread thread : flood) {
            thread.join();
        }
        Refused.by(log, "user", "last");
        Refused.by(log, "all", "last");
        log.close();

        List<JsonObject> records = Refused.records(sink.lines);
        assertEquals((long) threads * each + 2, Refused.sum(records, "count"));
        for (String limit : List.of("user", "all")) {
            List<JsonObject> ofLimit = records.stream()
                    .filter(record -> record.get("limit").getAsString().equals(limit))
                    .toList();
            assertEquals((long) threads * each, Refused.sum(ofLimit, "admitted"), limit);
        }
    }

    /** Does not write before it may. */
    private static final class SlowSink implements RefusalSink {
        private final CountDownLatch gate = new CountDownLatch(1);
        private final List<String> lines = new ArrayList<>();

        @Override
        public void write(String record) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            lines.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
