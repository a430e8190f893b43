package dev.weir.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R4.1, R5.1: what a refused caller is told is the policy's to say; tiers stand in the policy's order. */
class WordingTest {
    private static final Descriptor ALICE = new Descriptor(Attributes.of("user", "alice", "agent", "bot"), 1);

    @TempDir
    Path folder = Path.of("");

    @Test
    void aCommentFollowsTheSentence() throws Exception {
        TestDecider decider = new TestDecider(
                folder,
                "- {name: u, tier: user, per: [user], allow: 0 requests / 1m, comment: Ask for more in the portal.}");

        assertEquals(
                "The user limit `u` allows 0 requests / 1m; this request asks for 1 at once and can never fit."
                        + " Ask for more in the portal.",
                decider.refused(ALICE).sentence());
    }

    @Test
    void aMessageTakesThePlaceOfTheSentence() throws Exception {
        TestDecider decider = new TestDecider(folder, """
                - name: u
                  tier: user
                  per: [user]
                  allow: 1 requests / 1m
                  comment: Be patient.
                  answer:
                    message: "{limit}/{tier}/{allows}/{measure}/{window}/{used}/{asked}/{remaining}/{retry_after}/{reset}/{reason}/{comment}"
                """);
        decider.allowed(ALICE);

        assertEquals(
                "u/user/1 requests / 1m/requests/1m/1/1/0/60/60/over_limit/Be patient.",
                decider.refused(ALICE).sentence());
    }

    @Test
    void theLimitThatNothingHelpsWithIsTheOneThatIsToldOf() throws Exception {
        TestDecider decider = new TestDecider(folder, """
                - {name: u, tier: user, allow: 1 requests / 1m, answer: {message: "wait {retry_after} s"}}
                - {name: g, tier: global, allow: 0 requests / 1m, answer: {message: "never{retry_after}"}}
                """);

        assertEquals("never", decider.refused(ALICE).sentence());
    }

    @Test
    void aDomainMayHaveAnOrderOfItsOwn() throws Exception {
        TestDecider decider = new TestDecider(folder, """
                - {name: u, tier: user, allow: 0 requests / 1m}
                - {name: b, tier: agent, allow: 0 requests / 1m}
                """, "tiers: [global, agent, user]");

        Decision.Refused refused = decider.refused(ALICE);

        assertEquals("b", refused.by().limit().name());
        assertEquals(List.of("b", "u"), TestDecider.names(refused));
    }
}
