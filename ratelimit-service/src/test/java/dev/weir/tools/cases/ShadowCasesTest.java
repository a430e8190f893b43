package dev.weir.tools.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R2.8, R5.8: whom a limit would refuse is known before it is enforced. */
class ShadowCasesTest {
    private static final String LIMITS = """
            - {name: strict, tier: user, per: [user], allow: 4 requests / 1m}
            - {name: watching, tier: team, per: [user], allow: 2 requests / 1m, mode: shadow}
            - {name: idle, tier: team, per: [agent], allow: 2 requests / 1m, mode: shadow}
            """;

    @TempDir
    Path folder = Path.of("");

    private Bench bench;

    @BeforeEach
    void writePolicy() throws IOException {
        bench = new Bench(folder, LIMITS);
    }

    @Test
    void whatALimitInShadowModeHasLeftIsToldLikeThatOfOthers() throws Exception {
        assertEquals(List.of(), bench.play("""
                - {send: {user: alice}, expect: {remaining: {strict: 3, watching: 1}}}
                - {send: {user: alice}, times: 2, expect: {remaining: {strict: 1, watching: 0}}}
                """));
        Failure failure = bench.play("- {send: {user: alice}, expect: {remaining: {watching: 2}}}\n")
                .get(0);
        assertEquals("expected watching with 2 left, has 1 (at 2026-01-05T00:00:00Z)", failure.message());
        assertEquals(List.of("strict: 1 of 4 used", "watching: 1 of 2 used, in shadow"), failure.limits());
    }

    @Test
    void whomALimitInShadowModeWouldHaveRefusedIsAllowed() throws Exception {
        assertEquals(List.of(), bench.play("""
                - {send: {user: alice}, times: 3, expect: {allowed: true, shadow: {watching: 1, idle: 0}}}
                - {send: {user: alice}, expect: {shadow: watching}}
                """));
    }

    @Test
    void whomAnotherLimitRefusesItMayHaveRefusedToo() throws Exception {
        assertEquals(List.of(), bench.play("""
                - {send: {user: alice}, times: 6, expect: {allowed: 4, refused: strict, shadow: {watching: 4}}}
                - {send: {user: alice}, times: 2, expect: {refused: strict, shadow: watching}}
                """));
    }

    /** Of these teams only the first is in the quarter. */
    @Test
    void aShareRefusesSomeAndOthersOnlyInShadow() throws Exception {
        Bench shared = new Bench(folder, """
                - {name: new, tier: team, per: [team], allow: 1 requests / 1m, mode: {enforce: 25%, of: team}}
                """);

        assertEquals(List.of(), shared.messages("""
                - {send: {team: docs}, times: 2, expect: {allowed: 1, refused: new, shadow: {new: 0}}}
                - {send: {team: support}, times: 2, expect: {shadow: {new: 1}}}
                """));
    }

    @Test
    void aLimitThatIsEnforcedRefusesNobodyInShadow() throws Exception {
        Bench enforced = new Bench(folder, LIMITS.replace(", mode: shadow", ""));

        assertEquals(
                List.of(
                        "expected all 3 allowed, 2 were allowed and 1 refused; send 3 was refused by watching for over_limit:"
                                + " The team limit `watching` allows 2 requests / 1m; 2 are used. Try again in 60 s."
                                + " (at 2026-01-05T00:00:00Z)",
                        "expected refused in shadow by watching, it was not asked in shadow (at 2026-01-05T00:00:00Z)"),
                enforced.messages("""
                        - {send: {user: alice}, times: 3, expect: {shadow: {watching: 1}}}
                        - {send: {user: alice}, expect: {refused: true, shadow: watching}}
                        """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | watching | refused in shadow by watching, it had room",
                "1 | strict | refused in shadow by strict, it was not asked in shadow",
                "1 | idle | refused in shadow by idle, it was not asked in shadow",
                "4 | watching | 4 of 4 refused in shadow by watching, 2 were; it had room at send 2",
                "4 | {watching: 1} | 1 of 4 refused in shadow by watching, 2 were; it would have refused at send 4",
                "4 | {watching: 2, idle: 1} | 1 of 4 refused in shadow by idle, it was not asked in shadow"
            })
    void whomItWouldHaveRefusedOtherwiseFails(int times, String shadow, String message) throws Exception {
        assertEquals(
                List.of("expected " + message + " (at 2026-01-05T00:00:00Z)"),
                bench.messages("- {send: {user: alice}, times: " + times + ", expect: {shadow: " + shadow + "}}\n"));
    }

    @Test
    void oneThatWasNotToBeRefusedFails() throws Exception {
        List<Failure> failures = bench.play("""
                - {send: {user: alice}, times: 2}
                - {send: {user: alice}, expect: {shadow: {watching: 0}}}
                """);

        assertEquals(
                "expected not refused in shadow by watching, it would have refused (at 2026-01-05T00:00:00Z)",
                failures.get(0).message());
        assertEquals(
                List.of("strict: 3 of 4 used", "watching: 2 of 2 used, in shadow"),
                failures.get(0).limits());
    }
}
