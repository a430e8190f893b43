package dev.weir.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a policy allows without limit. */
class UnlimitedTest {
    private static final String UNLIMITED = """
            - {name: requests, tier: user, per: [user], allow: unlimited requests}
            - {name: tokens, tier: user, per: [user], allow: unlimited tokens}
            - {name: parallel, tier: user, per: [user], allow: unlimited parallel}
            """;

    @TempDir
    private Path folder;

    @Test
    void itIsAllowedAndTheStoreIsNotAsked() throws Exception {
        TestDecider decider = new TestDecider(folder, UNLIMITED, new UnaskedBuckets());
        for (long hits : List.of(-1L, 0L, 1L, 0xffff_ffffL)) {
            Decision.Allowed allowed = decider.allowed(new Descriptor(Attributes.of("user", "alice"), hits));
            assertEquals(List.of(), allowed.standings());
            assertNull(allowed.reservation());
        }
        decider.allowed(new Descriptor(Attributes.of("user", "alice", "max_tokens", "unreadable"), 1));
    }

    @Test
    void whatNoLimitAppliesToIsSomethingElse() throws Exception {
        TestDecider decider = new TestDecider(
                folder, "- {name: prod, tier: user, per: [user], when: {environment: prod}, allow: 1 requests / 1m}");
        assertTrue(decider.allowed(user("dev")).isWithoutLimit());
        assertFalse(decider.allowed(user("prod")).isWithoutLimit());
        TestDecider unlimited = new TestDecider(folder, UNLIMITED);
        assertFalse(unlimited.allowed(user("dev")).isWithoutLimit());
    }

    private static Descriptor user(String environment) {
        return new Descriptor(Attributes.of("user", "alice", "environment", environment), 1);
    }

    @Test
    void itAppliesOnlyWhereItsAttributesAre() throws Exception {
        TestDecider decider = new TestDecider(folder, UNLIMITED, new UnaskedBuckets());
        Decision.Refused refused = decider.refused(new Descriptor(Attributes.of("path", "/"), 1));
        assertEquals(RefusalReason.MISSING_ATTRIBUTES, refused.reason());
    }

    @Test
    void theOtherLimitsOfTheRequestHold() throws Exception {
        TestDecider decider =
                new TestDecider(folder, UNLIMITED + "- {name: all, tier: global, per: [], allow: 1 requests / 1m}\n");
        Descriptor alice = new Descriptor(Attributes.of("user", "alice"), 1);
        assertEquals(List.of("all"), TestDecider.names(decider.allowed(alice)));
        assertEquals("all", decider.refused(alice).by().limit().name());
    }

    @Test
    void aLimitThatTheDescriptorBringsHoldsInItsPlace() throws Exception {
        TestDecider decider = new TestDecider(folder, UNLIMITED);
        Descriptor alice = TestDecider.asks(Attributes.of("user", "alice"), 1, TestDecider.perMinute(1));
        decider.allowed(alice);
        assertEquals("override", decider.refused(alice).by().limit().name());
    }

    /** Nobody may ask it. */
    private static final class UnaskedBuckets implements Buckets {
        @Override
        public CompletionStage<Outcome> admit(Admission admission) {
            throw new AssertionError("asked for " + admission);
        }

        @Override
        public CompletionStage<Settled> settle(String reservation, Usage usage) {
            throw new AssertionError("asked to settle " + reservation);
        }

        @Override
        public CompletionStage<Boolean> vacate(String reservation) {
            throw new AssertionError("asked to vacate " + reservation);
        }

        @Override
        public CompletionStage<Integer> vacateAll(String bucket) {
            throw new AssertionError("asked to vacate " + bucket);
        }

        @Override
        public CompletionStage<Boolean> renew(String reservation, long micros) {
            throw new AssertionError("asked to renew " + reservation);
        }

        @Override
        public void close() {}
    }
}
