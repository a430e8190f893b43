package dev.weir.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "gpt-*,gpt-5",
        "gpt-*,gpt-",
        "*-mini,gpt-5-mini",
        "*,''",
        "*,anything",
        "a*b,ab",
        "a*b,axxb",
        "a*b*c,abbc",
        "*x*,axb",
        "/v1/*/items,/v1/a/b/items",
        "a**b,ab",
        "'a*b',a*b"
    })
    void aStarStandsForAnyCharacters(String glob, String text) {
        assertTrue(Glob.of(glob).matches(text));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-*,claude",
        "*-mini,gpt-5",
        "a*b,a",
        "aba*aba,aba",
        "a*b*c,acb",
        "a*bc*cd,abcd",
        "*x*,ab",
        "a*,ba",
        "*a,ab",
        "ab*ba,aba"
    })
    void whatDoesNotFitAroundTheStarsDoesNotMatch(String glob, String text) {
        assertFalse(Glob.of(glob).matches(text));
    }

    @Test
    void anEscapedStarIsACharacter() {
        assertFalse(Glob.isOne("a\\*b"));
        assertEquals("a*b", Glob.unescaped("a\\*b"));
        assertTrue(Glob.of("a\\**").matches("a*b"));
        assertFalse(Glob.of("a\\**").matches("ab"));
        assertEquals("a\\b", Glob.unescaped("a\\b"));
    }

    @Test
    void itAgreesWithARegularExpression() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            String glob = text(random, "ab*") + "*" + text(random, "ab*");
            String text = text(random, "ab") + text(random, "ab");
            boolean expected = Pattern.matches(glob.replace("*", ".*"), text);
            assertEquals(expected, Glob.of(glob).matches(text), glob + " on " + text);
        }
    }

    @Test
    void aHostileTextTakesNoTime() {
        String glob = "*a".repeat(500) + "*b";
        String text = "a".repeat(100_000);

        assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> assertFalse(Glob.of(glob).matches(text)));
    }

    private static String text(Random random, String letters) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(6); length > 0; length--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
