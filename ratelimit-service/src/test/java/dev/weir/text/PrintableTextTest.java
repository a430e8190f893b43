package dev.weir.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

/** What a client sent can be shown, whatever it is. */
class PrintableTextTest {
    @Test
    void whatIsShortEnoughStaysTheSameObject() {
        String text = "search";
        assertSame(text, PrintableText.start(text, 6));
    }

    @Test
    void theStartHasNoHalfCharacter() {
        assertEquals("abc", PrintableText.start("abcdef", 3));
        assertEquals("ab", PrintableText.start("ab\ud83d\ude00c", 3));
        assertEquals("ab\ud83d\ude00", PrintableText.start("ab\ud83d\ude00c", 4));
        assertEquals("ab\udcff", PrintableText.start("ab\udcffc", 3));
    }

    @Test
    void whatCannotBeShownGetsASign() {
        assertEquals("a\ufffdb\ufffd", PrintableText.of("a\udcffb\ud83d"));
        assertEquals("a\ufffd\ufffdb\ufffd", PrintableText.of("a\n\u0000b\u007f"));
    }

    @Test
    void everythingElseStays() {
        String text = "Gr\u00f6\u00dfe \u65e5\u672c \ud83d\ude00 \"quoted\\";
        assertEquals(text, PrintableText.of(text));
    }
}
