package dev.weir.envoy.call;

import com.google.protobuf.ByteString;
import dev.weir.text.LosslessText;

/** Turns bytes from the wire into text without loss, see {@link dev.weir.request.Attributes}. */
public final class WireText {
    private WireText() {}

    public static String of(ByteString bytes) {
        return bytes.isValidUtf8() ? bytes.toStringUtf8() : LosslessText.of(bytes.asReadOnlyByteBuffer());
    }
}
