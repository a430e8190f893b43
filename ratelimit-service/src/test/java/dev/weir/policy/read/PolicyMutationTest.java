package dev.weir.policy.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.ConfigException;
import dev.weir.config.Location;
import dev.weir.config.Problem;
import dev.weir.policy.tiers.Scenario;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R5.8: whatever becomes of a policy's bytes, it is read, or refused with places that are in it. */
class PolicyMutationTest {
    private static final int MUTATIONS = 2_000;
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final byte[] MEANINGFUL =
            "\t\n\r :-?#&*!|>'\"%@`{}[],~\\/<.=0kM\0\u00ff".getBytes(StandardCharsets.ISO_8859_1);
    private static final String VALID = """
            domain: llm
            time_zone: Europe/Berlin
            limits:
              - name: user-requests
                tier: user
                per: [user]
                when: {environment: prod, "team": 'search'}   # a remark
                allow: 20 requests / 1m
              - {name: key-requests, tier: key, per: [key], allow: 5 requests / 1s, algorithm: token_bucket, burst: 20}
              - name: team-tokens
                tier: team
                per:
                  - team
                allow: "4M tokens / 1 day"
                algorithm: fixed_window
                charge: after
            """;

    @TempDir
    Path folder = Path.of("");

    private final Random random = new Random(20_260_101);

    static List<String> valid() {
        return List.of(VALID, Scenario.text());
    }

    @ParameterizedTest
    @MethodSource("valid")
    void noMutationIsMoreThanARefusalWithAPlace(String valid) throws IOException {
        Path file = folder.resolve("p.yaml");
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] content = mutated(valid.getBytes(StandardCharsets.UTF_8));
            Files.write(file, content);
            refused += assertTimeout(LONGEST, () -> isRefused(file, content)) ? 1 : 0;
        }

        assertTrue(refused > MUTATIONS / 2 && refused < MUTATIONS, "refused: " + refused);
    }

    private static boolean isRefused(Path file, byte[] content) {
        try {
            PolicyReader.read(file);
            return false;
        } catch (ConfigException e) {
            assertFalse(e.problems().isEmpty());
            e.problems().forEach(problem -> assertPlaced(problem, file, content));
            return true;
        }
    }

    /** In a line of the file; a problem of the file itself has neither line nor column. */
    private static void assertPlaced(Problem problem, Path file, byte[] content) {
        Location place = problem.place();
        String text = new String(content, StandardCharsets.ISO_8859_1);
        assertEquals(file.toString(), place.file());
        assertEquals(place.line() == 0, place.column() == 0, problem::toString);
        assertTrue(
                place.line() <= text.lines().count() && place.column() <= text.length() + 1,
                () -> problem + " in:\n" + text);
    }

    /** With one to four bytes put in, taken out, or replaced, and sometimes cut off somewhere. */
    private byte[] mutated(byte[] content) {
        byte[] mutated = content;
        int edits = 1 + random.nextInt(4);
        for (int edit = 0; edit < edits; edit++) {
            int at = random.nextInt(mutated.length);
            int taken = random.nextInt(2);
            int put = random.nextInt(2);
            byte[] next = new byte[mutated.length - taken + put];
            System.arraycopy(mutated, 0, next, 0, at);
            System.arraycopy(mutated, at + taken, next, at + put, mutated.length - at - taken);
            if (put == 1) {
                next[at] = random.nextBoolean()
                        ? MEANINGFUL[random.nextInt(MEANINGFUL.length)]
                        : (byte) random.nextInt(256);
            }
            mutated = next;
        }
        return random.nextInt(10) == 0 ? Arrays.copyOf(mutated, random.nextInt(mutated.length)) : mutated;
    }
}
