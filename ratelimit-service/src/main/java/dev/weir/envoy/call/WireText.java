package dev.weir.envoy.call;

import com.google.protobuf.ByteString;
import dev.weir.text.LosslessText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Turns bytes from the wire into text without loss, see {@link dev.weir.request.Attributes}. */
public final class WireText {
    private static final KnownTexts NAMES = new KnownTexts(1 << 8);
    private static final KnownTexts VALUES = new KnownTexts(1 << 12);

    private WireText() {}

    /** Returns a name that stands in Envoy's configuration. */
    public static String ofName(byte[] bytes, int start, int length) {
        return NAMES.of(bytes, start, length);
    }

    /** Returns a value that may well come again. */
    public static String ofValue(byte[] bytes, int start, int length) {
        return VALUES.of(bytes, start, length);
    }

    /** Returns a part of a message as text. */
    public static String of(byte[] bytes, int start, int length) {
        return isAscii(bytes, start, length)
                ? new String(bytes, start, length, StandardCharsets.ISO_8859_1)
                : LosslessText.of(ByteBuffer.wrap(bytes, start, length));
    }

    /** Returns a field of bytes as text. */
    public static String of(ByteString bytes) {
        return bytes.isValidUtf8() ? bytes.toStringUtf8() : LosslessText.of(bytes.asReadOnlyByteBuffer());
    }

    private static boolean isAscii(byte[] bytes, int start, int length) {
        int all = 0;
        for (int i = start; i < start + length; i++) {
            all |= bytes[i];
        }
        return all >= 0;
    }
}
