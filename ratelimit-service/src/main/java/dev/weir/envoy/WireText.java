package dev.weir.envoy;

import com.google.protobuf.ByteString;
import dev.weir.request.LosslessText;

/** Turns bytes from the wire into text without loss, see {@link dev.weir.request.Attributes}. */
final class WireText {
    private WireText() {}

    static String of(ByteString bytes) {
        return bytes.isValidUtf8() ? bytes.toStringUtf8() : LosslessText.of(bytes.asReadOnlyByteBuffer());
    }
}
