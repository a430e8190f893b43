package dev.weir.dropin.meters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.dropin.answer.RecordedAnswers;
import dev.weir.dropin.answer.RecordedCase;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The counters that were recorded from envoyproxy/ratelimit beside its answers, expected of Weir. */
class ReferenceMetersTest {
    private static final String REQUESTS = "server.ShouldRateLimit.total_requests";

    @TempDir
    private Path folder;

    /** Its local cache has a counter of its own, and what it does not count for a limit near another it takes off before counting. */
    @TestFactory
    Stream<DynamicTest> everyCounterIsThatOfTheReference() {
        return RecordedAnswers.cases()
                .filter(recorded -> !recorded.setting("localCache") && !recorded.setting("stopWhenOver"))
                .map(recorded -> DynamicTest.dynamicTest(recorded.name(), () -> check(recorded)));
    }

    private void check(RecordedCase recorded) {
        ManualClock clock = new ManualClock();
        ReferenceMeters meters = new ReferenceMeters();
        try (MemoryBuckets buckets = new MemoryBuckets(100_000, clock)) {
            if (new RecordedAnswers(clock, buckets, meters).replay(recorded, folder)) {
                Map<String, Long> counters = new TreeMap<>(meters.counters());
                counters.remove(REQUESTS);
                assertEquals(expected(recorded.json()), counters);
            }
        }
    }

    private static Map<String, Long> expected(JsonObject recorded) {
        Map<String, Long> expected = new TreeMap<>();
        add(expected, recorded, "stats", "rate_limit.");
        add(expected, recorded, "service", "");
        return expected;
    }

    private static void add(Map<String, Long> counters, JsonObject recorded, String field, String prefix) {
        if (recorded.has(field)) {
            recorded.getAsJsonObject(field)
                    .entrySet()
                    .forEach(entry -> counters.put(
                            prefix + entry.getKey(), entry.getValue().getAsLong()));
        }
    }
}
