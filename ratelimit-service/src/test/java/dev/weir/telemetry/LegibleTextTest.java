package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

/** What a client sent can be shown, whatever it is. */
class LegibleTextTest {
    @Test
    void whatIsShortEnoughStaysTheSameObject() {
        String text = "search";
        assertSame(text, LegibleText.start(text, 6));
    }

    @Test
    void theStartHasNoHalfCharacter() {
        assertEquals("abc", LegibleText.start("abcdef", 3));
        assertEquals("ab", LegibleText.start("ab\ud83d\ude00c", 3));
        assertEquals("ab\ud83d\ude00", LegibleText.start("ab\ud83d\ude00c", 4));
        assertEquals("ab\udcff", LegibleText.start("ab\udcffc", 3));
    }

    @Test
    void whatCannotBeShownGetsASign() {
        assertEquals("a\ufffdb\ufffd", LegibleText.of("a\udcffb\ud83d"));
        assertEquals("a\ufffd\ufffdb\ufffd", LegibleText.of("a\n\u0000b\u007f"));
    }

    @Test
    void everythingElseStays() {
        String text = "Gr\u00f6\u00dfe \u65e5\u672c \ud83d\ude00 \"quoted\\";
        assertEquals(text, LegibleText.of(text));
    }
}
