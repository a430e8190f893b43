package dev.weir.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.request.Attributes;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModeTest {
    @ParameterizedTest
    @ValueSource(ints = {100, 1_000, 2_500, 5_000, 9_000})
    void aShareIsAboutThatLarge(int basisPoints) {
        double enforced = IntStream.range(0, 10_000)
                .filter(i -> enforces(basisPoints, "team-" + i))
                .count();

        assertEquals(basisPoints, enforced, 300);
    }

    @Test
    void whoIsInAShareIsInEveryLargerOne() {
        for (int i = 0; i < 1_000; i++) {
            for (int basisPoints = 0; basisPoints < 10_000; basisPoints += 500) {
                assertTrue(!enforces(basisPoints, "team-" + i) || enforces(basisPoints + 500, "team-" + i));
            }
        }
    }

    @Test
    void nobodyIsInNoShareAndEverybodyInAll() {
        assertFalse(IntStream.range(0, 1_000).anyMatch(i -> enforces(0, "team-" + i)));
        assertTrue(IntStream.range(0, 1_000).allMatch(i -> enforces(10_000, "team-" + i)));
    }

    @Test
    void whoHasNoTeamIsInNoShare() {
        assertFalse(new Mode.Share(10_000, "team").enforces(Attributes.of("user", "alice")));
    }

    /** Replicas of all versions must agree; a change here would let some teams in and others out, all at once. */
    @Test
    void theChoiceNeverChanges() {
        assertTrue(enforces(9_074, "search"));
        assertFalse(enforces(9_073, "search"));
    }

    @Test
    void theModesOfAPolicyAreRead() {
        assertEquals(new Mode.Enforced(), mode("enforce"));
        assertEquals(new Mode.Shadow(), mode("shadow"));
        assertEquals(new Mode.Share(2_500, "team"), mode("{enforce: 25%, of: team}"));
        assertEquals(new Mode.Share(50, "user"), mode("{enforce: 0.5%, of: user}"));
        assertEquals(new Mode.Share(10_000, "team"), mode("{enforce: 100%, of: team}"));
    }

    private static Mode mode(String text) {
        return Policies.domain(
                        "domain: llm\nlimits:\n  - {name: l, tier: user, mode: " + text + ", allow: 1 requests / 1s}\n")
                .limits()
                .get(0)
                .scope()
                .mode();
    }

    private static boolean enforces(int basisPoints, String team) {
        return new Mode.Share(basisPoints, "team").enforces(Attributes.of("team", team));
    }
}
