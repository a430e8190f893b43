package dev.weir.dropin.answer;

import dev.weir.bucket.ManualClock;
import dev.weir.bucket.memory.MemoryBuckets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The answers that were recorded from envoyproxy/ratelimit, expected of Weir with its buckets in memory. */
class ReferenceAnswersTest {
    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> everyAnswerIsThatOfTheReference() {
        return RecordedAnswers.cases()
                .map(recorded -> DynamicTest.dynamicTest(recorded.name(), () -> {
                    ManualClock clock = new ManualClock();
                    try (MemoryBuckets buckets = new MemoryBuckets(100_000, clock)) {
                        new RecordedAnswers(clock, buckets).replay(recorded, folder);
                    }
                }));
    }
}
