package dev.weir.bucket.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.bucket.Buckets;
import dev.weir.bucket.memory.MemoryBuckets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Invariants 1, 2, 4 and 5: what 64 threads are told by the buckets in memory. HistoryIT does the same with Redis. */
class HistoryTest {
    private static final int TURNS = 100;

    @Test
    void allThreadsAreToldWhatOneWouldBe() {
        assertEquals(Optional.empty(), Checker.ofAdmissions().check(run(Demand.forRequests(1))));
    }

    @Test
    void settledOrUndoneByAnyThreadEveryBoundHoldsAndEveryTokenIsAccountedFor() {
        assertEquals(Optional.empty(), Checker.ofSettlements().check(run(Demand.forEverything(1))));
    }

    private static Transcript run(Demand demand) {
        try (Buckets memory = new MemoryBuckets(1_000_000, () -> TimeUnit.NANOSECONDS.toMicros(System.nanoTime()))) {
            return Crowd.run(List.of(memory), demand, 1, TURNS);
        }
    }
}
