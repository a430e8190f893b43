package dev.weir.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Settlement;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A limit in shadow mode counts as if it were enforced, tells whom it would have refused, and refuses nobody. */
class ShadowTest {
    private static final Descriptor ALICE = new Descriptor(Attributes.of("user", "alice", "team", "search"), 1);

    @TempDir
    Path folder = Path.of("");

    @Test
    void itTellsWhomItWouldHaveRefusedAndLetsThemThrough() throws Exception {
        TestDecider decider =
                new TestDecider(folder, "- {name: u, tier: user, per: [user], mode: shadow, allow: 2 requests / 1m}");

        assertFalse(decider.allowed(ALICE).shadows().get(0).level().refuses());
        assertFalse(decider.allowed(ALICE).shadows().get(0).level().refuses());
        Decision.Allowed third = decider.allowed(ALICE);

        assertEquals(List.of(), third.standings());
        assertTrue(third.shadows().get(0).level().refuses());
        assertEquals(2, third.shadows().get(0).level().used());
    }

    @Test
    void whatItWouldHaveRefusedItDoesNotCount() throws Exception {
        TestDecider decider = new TestDecider(folder, """
                - {name: u, tier: user, per: [user], mode: shadow, allow: 1 requests / 1m}
                - {name: t, tier: team, per: [team], allow: 10 requests / 1m}
                """);
        decider.allowed(ALICE);
        Decision.Allowed second = decider.allowed(ALICE);

        assertEquals(1, second.shadows().get(0).level().used());
        assertEquals(2, second.standings().get(0).level().used());
    }

    @Test
    void whatAnEnforcedLimitRefusesItDoesNotCount() throws Exception {
        TestDecider decider = new TestDecider(folder, """
                - {name: u, tier: user, per: [user], mode: shadow, allow: 10 requests / 1m}
                - {name: t, tier: team, per: [team], allow: 1 requests / 1m}
                """);
        decider.allowed(ALICE);
        Decision.Refused second = decider.refused(ALICE);

        assertEquals("t", second.by().limit().name());
        assertEquals(1, second.shadows().get(0).level().used());
        assertFalse(second.shadows().get(0).level().refuses());
    }

    @Test
    void callersAreNotToldOfIt() throws Exception {
        TestDecider decider = new TestDecider(folder, """
                - {name: u, tier: user, per: [user], mode: shadow, allow: 1 requests / 1m}
                - {name: t, tier: team, per: [team], allow: 10 requests / 1m}
                """);

        assertEquals("t", decider.allowed(ALICE).tightest().limit().name());
    }

    @Test
    void itsTokensAreSettledWhereItHeldThem() throws Exception {
        TestDecider decider = new TestDecider(
                folder, "- {name: t, tier: user, per: [user], mode: shadow, allow: 100 tokens / 1m, estimate: 60}");
        Decision.Allowed first = decider.allowed(ALICE);
        Decision.Allowed second = decider.allowed(ALICE);
        assertTrue(second.shadows().get(0).level().refuses());

        decider.settle(Settlement.used(assertNotNullId(first), 20));
        decider.settle(Settlement.used(assertNotNullId(second), 1_000));

        assertEquals(
                20,
                decider.allowed(new Descriptor(ALICE.attributes(), 0))
                        .shadows()
                        .get(0)
                        .level()
                        .used());
    }

    @Test
    void aShareOfTheTeamsIsRefused() throws Exception {
        TestDecider decider = new TestDecider(
                folder, "- {name: t, tier: team, per: [team], mode: {enforce: 50%, of: team}, allow: 0 requests / 1m}");

        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            Decision decision = decider.decide(new Descriptor(Attributes.of("team", "team-" + i), 1));
            boolean isRefused = decision instanceof Decision.Refused;
            assertEquals(isRefused ? 1 : 0, decision.standings().size());
            assertEquals(isRefused ? 0 : 1, decision.shadows().size());
            refused += isRefused ? 1 : 0;
        }
        assertEquals(500, refused, 50);
    }

    @Test
    void aBucketThatIsAlsoReachedWithoutShadowIsEnforced() throws Exception {
        TestDecider decider = new TestDecider(
                folder, "- {name: u, tier: user, per: [user], mode: {enforce: 92%, of: team}, allow: 0 requests / 1m}");
        Descriptor shadowed = new Descriptor(0, Attributes.of("user", "alice", "team", "ads"), 1, null);
        Descriptor enforced = new Descriptor(1, Attributes.of("user", "alice", "team", "search"), 1, null);

        decider.allowed(shadowed);
        decider.refused(enforced);
        decider.refused(shadowed, enforced);
        decider.refused(enforced, shadowed);
    }

    /** Each would otherwise do what the limit must not: decide. */
    @Test
    void itIsNoReasonToLetThroughWhoLacksAnAttributeAndNoneToRefuseThem() throws Exception {
        TestDecider protectedByUser = new TestDecider(folder, """
                - {name: u, tier: user, per: [user], allow: 5 requests / 1m}
                - {name: everybody, tier: global, mode: shadow, allow: 1000 requests / 1m}
                """);
        assertEquals(
                RefusalReason.MISSING_ATTRIBUTES,
                protectedByUser
                        .refused(new Descriptor(Attributes.of("x", "y"), 1))
                        .reason());

        TestDecider open = new TestDecider(folder, """
                - {name: prod, tier: user, when: {environment: prod}, allow: 5 requests / 1m}
                - {name: projects, tier: user, per: [project], mode: shadow, allow: 5 requests / 1m}
                """);
        open.allowed(new Descriptor(Attributes.of("environment", "dev"), 1));
    }

    @Test
    void maxTokensThatItCannotReadRefuseNobody() throws Exception {
        TestDecider decider = new TestDecider(
                folder, "- {name: t, tier: user, per: [user], mode: shadow, allow: 100 tokens / 1m, estimate: 60}");

        Decision.Allowed allowed =
                decider.allowed(new Descriptor(Attributes.of("user", "alice", "max_tokens", "unreadable"), 1));

        assertEquals(60, allowed.shadows().get(0).level().used());
    }

    @Test
    void maxTokensThatNobodyGoesByRefuseNobody() throws Exception {
        TestDecider decider =
                new TestDecider(folder, "- {name: t, tier: user, per: [user], allow: 100 tokens / 1m, charge: after}");

        decider.allowed(new Descriptor(Attributes.of("user", "alice", "max_tokens", "unreadable"), 1));
    }

    @Test
    void eachThatHadNoRoomHasARefusalOfItsOwn() throws Exception {
        TestDecider decider = new TestDecider(folder, """
                - {name: u, tier: user, mode: shadow, allow: 0 requests / 1m}
                - {name: t, tier: team, mode: shadow, allow: 1 requests / 1m}
                - {name: g, tier: global, mode: shadow, allow: 9 requests / 1m}
                """);
        decider.allowed(ALICE);

        assertEquals(
                List.of("u never_fits", "t over_limit"),
                decider.allowed(ALICE).shadowRefusals().stream()
                        .map(refusal -> refusal.by().limit().name() + " "
                                + refusal.reason().word())
                        .toList());
    }

    private static String assertNotNullId(Decision.Allowed allowed) {
        assertNotNull(allowed.reservation());
        return allowed.reservation();
    }
}
