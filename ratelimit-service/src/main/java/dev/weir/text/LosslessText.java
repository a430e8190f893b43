package dev.weir.text;

import dev.weir.request.Attributes;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Turns bytes into text without loss, see {@link Attributes}. */
public final class LosslessText {
    private static final char LOW_SURROGATES = 0xdc00;

    private LosslessText() {}

    /** @param utf8 is read to its end; what is not UTF-8 in it becomes lone surrogates */
    public static String of(ByteBuffer utf8) {
        CharBuffer out = CharBuffer.allocate(utf8.remaining());
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(utf8, out, true);
        while (result.isError()) {
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (LOW_SURROGATES + (utf8.get() & 0xff)));
            }
            result = decoder.decode(utf8, out, true);
        }
        return out.flip().toString();
    }
}
