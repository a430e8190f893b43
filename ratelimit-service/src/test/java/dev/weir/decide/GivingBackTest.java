package dev.weir.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.bucket.Settled;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import dev.weir.request.Settlement;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** "Semantics, settled": negative hits, what is taken back whole, and the unused part of an estimate. */
class GivingBackTest {
    private static final Attributes ALICE = Attributes.of("user", "alice", "max_tokens", "100");
    private static final Attributes BOB = Attributes.of("user", "bob", "max_tokens", "100");

    @TempDir
    private Path folder;

    private TestDecider decider;

    @BeforeEach
    void limitAll() throws Exception {
        decider = new TestDecider(folder, """
                - {name: requests, tier: user, per: [user], allow: 10 requests / 1m}
                - {name: tokens, tier: user, per: [user], allow: 1k tokens / 1m, estimate: 10}
                - {name: parallel, tier: user, per: [user], allow: 3 parallel}
                - {name: all, tier: global, per: [], allow: 12 requests / 1m}
                """);
    }

    @Test
    void negativeHitsGiveRequestsBackAndLeaveTokensAndSlotsAlone() {
        decider.allowed(hits(ALICE, 7));
        Decision.Allowed givenBack = decider.allowed(hits(ALICE, -3));
        assertNull(givenBack.reservation());
        assertEquals(4, decider.used("requests", ALICE));
        assertEquals(4, decider.used("all", ALICE));
        assertEquals(100, decider.used("tokens", ALICE));
        assertEquals(1, decider.used("parallel", ALICE));
    }

    @Test
    void noMoreIsGivenBackThanThereIs() {
        decider.allowed(hits(ALICE, 2));
        decider.allowed(hits(ALICE, -0xffff_ffffL));
        assertEquals(0, decider.used("requests", ALICE));
        decider.allowed(hits(ALICE, 10));
        decider.refused(hits(ALICE, 1));
    }

    @Test
    void givingBackIsAllowedWhereTheLimitIsUsedUp() {
        decider.allowed(hits(ALICE, 10));
        decider.refused(hits(ALICE, 0));
        decider.allowed(hits(ALICE, -1));
        decider.allowed(hits(ALICE, 1));
    }

    @Test
    void whatOneDescriptorGivesBackMakesRoomForAnother() {
        decider.allowed(hits(ALICE, 10));
        decider.refused(hits(BOB, 4));
        decider.allowed(hits(BOB, 4), hits(ALICE, -3));
        assertEquals(7, decider.used("requests", ALICE));
        assertEquals(4, decider.used("requests", BOB));
        assertEquals(11, decider.used("all", ALICE));
    }

    @Test
    void whatIsGivenBackStaysSoWhereTheOtherDescriptorIsRefused() {
        decider.allowed(hits(ALICE, 10));
        Decision.Refused refused = decider.refused(hits(ALICE, -3), hits(BOB, 11));
        assertEquals("requests", refused.by().limit().name());
        assertEquals(7, decider.used("requests", ALICE));
        assertEquals(0, decider.used("requests", BOB));
        assertEquals(7, decider.used("all", ALICE));
    }

    @Test
    void anAdmissionThatIsUndoneLeavesNothingBehind() {
        decider.allowed(hits(ALICE, 2));
        Request request = TestDecider.request(hits(ALICE, 3), hits(ALICE, 5), hits(BOB, 0), hits(BOB, 1));
        Decision.Allowed allowed = decider.allowed(request.descriptors().toArray(Descriptor[]::new));
        decider.undo(allowed);
        assertEquals(2, decider.used("requests", ALICE));
        assertEquals(100, decider.used("tokens", ALICE));
        assertEquals(1, decider.used("parallel", ALICE));
        assertEquals(0, decider.used("requests", BOB));
        assertEquals(0, decider.used("tokens", BOB));
        assertEquals(0, decider.used("parallel", BOB));
        assertEquals(2, decider.used("all", ALICE));
    }

    @Test
    void undoingRestoresALimitThatTheDescriptorBrought() {
        Descriptor asks = TestDecider.asks(ALICE, 4, TestDecider.perMinute(4));
        Decision.Allowed allowed = decider.allowed(asks);
        decider.refused(asks);
        decider.undo(allowed);
        decider.allowed(asks);
    }

    @Test
    void undoingDoesNotTouchWhatTheCallItselfGaveBack() {
        decider.allowed(hits(ALICE, 5));
        Request request = TestDecider.request(hits(ALICE, -2), hits(BOB, 1));
        decider.undo(decider.allowed(request.descriptors().toArray(Descriptor[]::new)));
        assertEquals(3, decider.used("requests", ALICE));
        assertEquals(0, decider.used("requests", BOB));
    }

    @Test
    void theUnusedPartOfAnEstimateComesBackOnce() {
        String reservation = decider.allowed(hits(ALICE, 1)).reservation();
        Settlement unused = Settlement.unused(reservation, 30);
        assertEquals(new Settled(Settled.Kind.SETTLED, 100, 70), decider.settle(unused));
        assertEquals(Settled.UNKNOWN, decider.settle(unused));
        assertEquals(70, decider.used("tokens", ALICE));
        assertEquals(0, decider.used("parallel", ALICE));
        assertEquals(1, decider.used("requests", ALICE));
    }

    @Test
    void noMoreOfAnEstimateIsUnusedThanWasHeld() {
        decider.allowed(hits(ALICE, 1));
        String reservation = decider.allowed(hits(ALICE, 1)).reservation();
        Settled settled = decider.settle(Settlement.unused(reservation, 999_999_999));
        assertEquals(new Settled(Settled.Kind.SETTLED, 100, 0), settled);
        assertEquals(100, decider.used("tokens", ALICE));
    }

    private static Descriptor hits(Attributes attributes, long hits) {
        return new Descriptor(attributes, hits);
    }
}
