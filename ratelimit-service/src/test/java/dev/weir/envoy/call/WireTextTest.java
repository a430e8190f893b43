package dev.weir.envoy.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two callers whose names differ in any byte never share a bucket. */
class WireTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ü", "\u20ac", "\ud83d\ude00", "a\u0000b", "%ff", "\ufffd", "\ufeffa"})
    void validUtf8IsTheTextItIs(String text) {
        assertEquals(text, WireText.of(ByteString.copyFromUtf8(text)));
    }

    @Test
    void bytesThatAreNotUtf8AreLoneSurrogates() {
        assertEquals("a\udcffb", WireText.of(bytes('a', 0xff, 'b')));
        assertEquals("\udc80\udcff", WireText.of(bytes(0x80, 0xff)));
        assertEquals("é\udcc3", WireText.of(bytes(0xc3, 0xa9, 0xc3)));
        assertEquals("\udce2\udc82", WireText.of(bytes(0xe2, 0x82)));
        assertEquals("\udce2\udc82a", WireText.of(bytes(0xe2, 0x82, 'a')));
    }

    /** Written as three bytes each, as CESU-8 does, surrogates are not UTF-8. */
    @Test
    void encodedSurrogatesAreNotText() {
        assertEquals("\udced\udcb2\udc80", WireText.of(bytes(0xed, 0xb2, 0x80)));
    }

    @Test
    void allSequencesOfOneAndTwoBytesAreDifferentTexts() {
        Map<String, ByteString> texts = new HashMap<>();
        for (int first = 0; first < 256; first++) {
            assertNew(texts, bytes(first));
            for (int second = 0; second < 256; second++) {
                assertNew(texts, bytes(first, second));
            }
        }
    }

    @Test
    void sequencesAroundTheEdgesOfUtf8AreDifferentTexts() {
        int[] edges = {
            0x00, 0x25, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0,
            0xf4, 0xf5, 0xff
        };
        Map<String, ByteString> texts = new HashMap<>();
        for (int a : edges) {
            for (int b : edges) {
                for (int c : edges) {
                    assertNew(texts, bytes(a, b, c));
                    for (int d : edges) {
                        assertNew(texts, bytes(a, b, c, d));
                    }
                }
            }
        }
    }

    private static void assertNew(Map<String, ByteString> texts, ByteString bytes) {
        assertNull(texts.put(WireText.of(bytes), bytes), bytes::toString);
    }

    private static ByteString bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteString.copyFrom(bytes);
    }

    @Test
    void aNameIsTheSameTextInEveryCall() {
        String first = name("team");

        assertSame(first, name("team"));
        assertEquals("team", first);
    }

    @Test
    void namesThatShareAPlaceStayApart() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 1_000; i++) {
                assertEquals("name-" + i, name("name-" + i));
            }
        }
        String tooLong = "x".repeat(65);
        assertEquals(tooLong, name(tooLong));
    }

    @Test
    void namesThatAreNotAsciiAreTheTextTheyAre() {
        for (int round = 0; round < 2; round++) {
            assertEquals("gr\u00f6\u00dfe", name("gr\u00f6\u00dfe"));
            assertEquals("a\udcff", WireText.ofName(new byte[] {'a', (byte) 0xff}, 0, 2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "\u00fc", "\u20ac", "\ud83d\ude00"})
    void aPartOfAMessageIsTheTextItIs(String text) {
        byte[] message = ("\u00e9" + text + "z").getBytes(StandardCharsets.UTF_8);

        assertEquals(text, WireText.of(message, 2, message.length - 3));
        assertEquals(text, WireText.ofName(message, 2, message.length - 3));
    }

    private static String name(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return WireText.ofName(utf8, 0, utf8.length);
    }
}
