package dev.weir.decide;

import static dev.weir.decide.TestDecider.asks;
import static dev.weir.decide.TestDecider.perMinute;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.BucketStatus;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.LimitOverride;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** "Semantics, settled": the limit that a descriptor brings along. */
class LimitOverrideTest {
    private static final Attributes ALICE = Attributes.of("user", "alice", "max_tokens", "100");
    private static final Attributes BOB = Attributes.of("user", "bob", "max_tokens", "100");

    @TempDir
    private Path folder;

    @Test
    void aDefaultThatGivesWayToAnotherLimitDoesSoBesideADescriptorsOwnToo() throws Exception {
        TestDecider decider = new TestDecider(folder, """
                - {name: any, tier: user, per: [user], default: true, allow: 5 parallel}
                - {name: alices, tier: user, per: [user], when: {user: alice}, allow: 9 parallel}
                """);

        List<String> names = TestDecider.names(decider.allowed(asks(ALICE, 1, perMinute(3))));

        assertTrue(names.contains("alices"), names.toString());
        assertFalse(names.contains("any"), names.toString());
    }

    @Test
    void itTakesThePlaceOfTheLimitsOnRequestsButNotOfThoseForEverybodyAndOfNoOthers() throws Exception {
        TestDecider decider = new TestDecider(folder, """
                - {name: all, tier: global, per: [], allow: 100 requests / 1m}
                - {name: requests, tier: user, per: [user], allow: 1 requests / 1m}
                - {name: tokens, tier: user, per: [user], allow: 1k tokens / 1m, estimate: 10}
                - {name: parallel, tier: user, per: [user], allow: 20 parallel}
                """);
        Decision.Allowed allowed = decider.allowed(asks(ALICE, 3, perMinute(50)));
        assertEquals(List.of("tokens", "parallel", "override", "all"), TestDecider.names(allowed));
        assertEquals(0, decider.used("requests", ALICE));
        assertEquals(3, decider.used("all", ALICE));
        for (int i = 1; i < 10; i++) {
            decider.allowed(asks(ALICE, 1, perMinute(50)));
        }
        assertEquals(
                "tokens",
                decider.refused(asks(ALICE, 1, perMinute(50))).by().limit().name());
    }

    @Test
    void aClientDoesNotGetAnotherBucketByAskingForOtherMaxTokens() throws Exception {
        TestDecider decider = new TestDecider(
                folder, "- {name: tokens, tier: user, per: [user], allow: 1M tokens / 1m, estimate: 10}");
        decider.allowed(asks(Attributes.of("user", "alice", "max_tokens", "1"), 1, perMinute(2)));
        decider.allowed(asks(Attributes.of("user", "alice", "max_tokens", "2"), 1, perMinute(2)));
        decider.refused(asks(Attributes.of("user", "alice", "max_tokens", "3"), 1, perMinute(2)));
    }

    @Test
    void itHoldsForItsDescriptorOnly() throws Exception {
        TestDecider decider =
                new TestDecider(folder, "- {name: requests, tier: user, per: [user], allow: 1 requests / 1m}");
        decider.allowed(asks(ALICE, 5, perMinute(50)), new Descriptor(BOB, 1));
        assertEquals(1, decider.used("requests", BOB));
        Decision.Refused refused = decider.refused(asks(ALICE, 5, perMinute(50)), new Descriptor(BOB, 1));
        assertEquals("requests", refused.by().limit().name());
    }

    @Test
    void itsAmountMayChangeFromCallToCallAndWhatWasUsedStays() throws Exception {
        TestDecider decider =
                new TestDecider(folder, "- {name: requests, tier: user, per: [user], allow: 1 requests / 1m}");
        decider.allowed(asks(ALICE, 5, perMinute(5)));
        decider.refused(asks(ALICE, 1, perMinute(5)));
        assertEquals(8, used(decider.allowed(asks(ALICE, 3, perMinute(10)))));
        decider.refused(asks(ALICE, 1, perMinute(8)));
        assertEquals(0, used(decider.allowed(asks(ALICE, 0, new LimitOverride(8, "1h", 60 * TestDecider.MINUTE)))));
    }

    @Test
    void ofTwoForOneBucketTheLowerHoldsInEitherOrder() throws Exception {
        TestDecider decider =
                new TestDecider(folder, "- {name: requests, tier: user, per: [user], allow: 1 requests / 1m}");
        decider.refused(asks(ALICE, 1, perMinute(9)), asks(ALICE, 1, perMinute(0)));
        decider.refused(asks(ALICE, 1, perMinute(0)), asks(ALICE, 1, perMinute(9)));
        decider.refused(asks(ALICE, 2, perMinute(9)), asks(ALICE, 1, perMinute(1)));
        assertEquals(1, used(decider.allowed(asks(ALICE, 1, perMinute(9)), asks(ALICE, 1, perMinute(1)))));
    }

    @Test
    void noneOfNothingEverFits() throws Exception {
        TestDecider decider =
                new TestDecider(folder, "- {name: requests, tier: user, per: [user], allow: 1 requests / 1m}");
        for (long hits : List.of(0L, 1L, 0xffff_ffffL)) {
            Decision.Refused refused = decider.refused(asks(ALICE, hits, perMinute(0)));
            assertEquals(RefusalReason.NEVER_FITS, refused.reason());
            assertEquals(BucketStatus.NEVER, refused.retryMicros());
        }
        decider.allowed(asks(ALICE, -1, perMinute(0)));
    }

    @Test
    void itsRefusalNamesItAndTheFirstTierThatItStandsFor() throws Exception {
        TestDecider decider = new TestDecider(folder, """
                - {name: all, tier: global, per: [], allow: 100 requests / 1m}
                - {name: team, tier: team, per: [user], allow: 1 requests / 1m}
                - {name: tokens, tier: key, per: [user], allow: 1k tokens / 1m, estimate: 10}
                """);
        decider.allowed(asks(ALICE, 2, perMinute(2)));
        Decision.Refused refused = decider.refused(asks(ALICE, 1, perMinute(2)));
        assertEquals("override", refused.by().limit().name());
        assertEquals("team", refused.by().limit().tier().word());
        assertTrue(
                refused.sentence().startsWith("The team limit `override` allows 2 requests / 1m"), refused.sentence());
    }

    @Test
    void itAppliesWhereThePolicyHasNothingForTheDescriptor() throws Exception {
        TestDecider decider =
                new TestDecider(folder, "- {name: requests, tier: user, per: [user], allow: 1 requests / 1m}");
        Attributes path = Attributes.of("path", "/");
        assertEquals(
                RefusalReason.MISSING_ATTRIBUTES,
                decider.refused(new Descriptor(path, 1)).reason());
        decider.allowed(asks(path, 1, perMinute(1)));
        Decision.Refused refused = decider.refused(asks(path, 1, perMinute(1)));
        assertEquals("global", refused.by().limit().tier().word());
        decider.allowed(asks(Attributes.of("path", "/other"), 1, perMinute(1)));
    }

    @Test
    void nameAndValueOfItsAttributesNeverChangePlaces() throws Exception {
        TestDecider decider =
                new TestDecider(folder, "- {name: requests, tier: user, per: [user], allow: 1 requests / 1m}");
        List<Attributes> apart = List.of(
                Attributes.NONE,
                Attributes.of("a", "b"),
                Attributes.of("b", "a"),
                Attributes.of("a:b", ""),
                Attributes.of("", "a:b"),
                Attributes.of("", ""),
                Attributes.of("", "", "a", "b"),
                Attributes.of("a", "", "", "b"),
                Attributes.of("a", "b", "b", "a"));
        for (Attributes attributes : apart) {
            decider.allowed(asks(attributes, 1, perMinute(1)));
        }
        for (Attributes attributes : apart) {
            decider.refused(asks(attributes, 1, perMinute(1)));
        }
    }

    @Test
    void theLongestWindowAndTheLargestAmountAreCounted() throws Exception {
        TestDecider decider =
                new TestDecider(folder, "- {name: requests, tier: user, per: [user], allow: 1 requests / 1m}");
        LimitOverride year = new LimitOverride(0xffff_ffffL, "365d", 31_536_000_000_000L);
        decider.allowed(asks(ALICE, 0xffff_ffffL, year));
        Decision.Refused refused = decider.refused(asks(ALICE, 1, year));
        assertEquals(31_536_000_000_000L, refused.retryMicros(), refused.sentence());
    }

    private static long used(Decision decision) {
        return decision.standings().stream()
                .filter(standing -> standing.limit().name().equals("override"))
                .findFirst()
                .orElseThrow()
                .level()
                .used();
    }
}
