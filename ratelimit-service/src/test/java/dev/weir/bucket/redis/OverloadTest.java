package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.redis.SlowStore.Figures;
import dev.weir.bucket.redis.SlowStore.Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invariant 8: a store that is asked for more than it can do goes on doing what it can, and for those who still wait. */
class OverloadTest {
    private static final Store SLOW = new Store(0.3, 1.56, 0.3);
    private static final Store ORDINARY = new Store(0.2, 0.04, 0.5);

    private static Figures run(Store store, long deadlineMillis, double load) {
        SlowStore slow = new SlowStore(store, deadlineMillis);
        slow.run(0.5 * store.perSecond(), 1);
        return slow.run(load * store.perSecond(), 10);
    }

    @ParameterizedTest
    @CsvSource({"0.5", "0.75", "1", "1.25", "1.5", "2", "3", "4"})
    void whatIsAdmittedInTimeStaysAtWhatTheStoreCanDo(double load) {
        for (Store store : new Store[] {SLOW, ORDINARY}) {
            for (long deadline : new long[] {1_000, 200}) {
                Figures figures = run(store, deadline, load);
                double part = figures.perSecond() / store.perSecond();
                assertTrue(part >= 0.93 * Math.min(1, load), store + " within " + deadline + " ms: " + part);
                assertTrue(figures.chargedForNobody() <= 0.005, store + ": " + figures);
            }
        }
    }

    @Test
    void callersWithLittleTimeGetSmallBatches() {
        for (double load : new double[] {1.25, 4}) {
            Figures figures = run(SLOW, 20, load);
            assertTrue(figures.perSecond() >= 0.85 * SLOW.perSecond(), figures.toString());
            assertTrue(figures.chargedForNobody() <= 0.01, figures.toString());
        }
    }

    @Test
    void aStoreThatIsFarAwayIsNotTakenForASlowOne() {
        Figures figures = run(new Store(80, 0.2, 0.1), 1_000, 0.3);
        assertEquals(figures.calls(), figures.admitted());
    }

    @Test
    void aPauseShorterThanTheTimeoutTurnsNextToNobodyAway() {
        for (Store store : new Store[] {SLOW, ORDINARY}) {
            SlowStore slow = new SlowStore(store, 1_000);
            slow.run(0.5 * store.perSecond(), 1);
            slow.hangs(1, 0.15);
            Figures figures = slow.run(0.5 * store.perSecond(), 2);
            assertTrue(figures.calls() - figures.admitted() <= 0.001 * figures.calls(), store + ": " + figures);
        }
    }

    @Test
    void aStoreThatHangsChargesNextToNothingForNobody() {
        SlowStore slow = new SlowStore(ORDINARY, 1_000);
        slow.run(3_000, 1);
        slow.hangs(1, 2);
        Figures figures = slow.run(3_000, 4);
        assertTrue(figures.charged() - figures.admitted() <= 20, figures.toString());
        assertTrue(figures.admitted() >= 0.98 * 3_000 * 2, "all but those of the two seconds: " + figures);
        Figures after = slow.run(3_000, 1);
        assertEquals(after.calls(), after.admitted());
    }

    @Test
    void aStoreThatBecomesSlowIsFoundOutSoon() {
        SlowStore slow = new SlowStore(ORDINARY, 1_000);
        slow.run(3_000, 1);
        slow.becomes(SLOW);
        Figures figures = slow.run(4 * SLOW.perSecond(), 2);
        assertTrue(figures.perSecond() >= 0.9 * SLOW.perSecond(), figures.toString());
        assertTrue(figures.chargedForNobody() <= 0.02, figures.toString());
    }
}
