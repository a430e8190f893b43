package dev.weir.envoy;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Turns bytes from the wire into text without loss, see {@link dev.weir.request.Attributes}. */
final class WireText {
    private static final char LOW_SURROGATES = 0xdc00;

    private WireText() {}

    static String of(ByteString bytes) {
        return bytes.isValidUtf8() ? bytes.toStringUtf8() : escaped(bytes);
    }

    private static String escaped(ByteString bytes) {
        ByteBuffer in = bytes.asReadOnlyByteBuffer();
        CharBuffer out = CharBuffer.allocate(bytes.size());
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(in, out, true);
        while (result.isError()) {
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (LOW_SURROGATES + (in.get() & 0xff)));
            }
            result = decoder.decode(in, out, true);
        }
        return out.flip().toString();
    }
}
