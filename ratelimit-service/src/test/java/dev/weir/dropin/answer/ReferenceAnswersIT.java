package dev.weir.dropin.answer;

import dev.weir.bucket.Buckets;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.redis.RedisOnAClock;
import dev.weir.testing.RealRedis;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As ReferenceAnswersTest, with the buckets in a real Redis. */
class ReferenceAnswersIT {
    @TempDir
    private Path folder;

    @Test
    void everyAnswerIsThatOfTheReference() {
        ManualClock clock = new ManualClock();
        try (RealRedis redis = RealRedis.start();
                Buckets buckets = RedisOnAClock.connect(redis.url(), clock)) {
            for (RecordedCase recorded : RecordedAnswers.cases().toList()) {
                redis.flush();
                new RecordedAnswers(clock, buckets).replay(recorded, folder);
            }
        }
    }
}
