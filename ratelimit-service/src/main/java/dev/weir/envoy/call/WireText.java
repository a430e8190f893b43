package dev.weir.envoy.call;

import com.google.protobuf.ByteString;
import dev.weir.text.LosslessText;

/** Turns bytes from the wire into text without loss, see {@link dev.weir.request.Attributes}. */
public final class WireText {
    private static final WireNames NAMES = new WireNames();

    private WireText() {}

    /** The same for what comes in call after call. */
    public static String ofName(ByteString bytes) {
        return NAMES.of(bytes);
    }

    public static String of(ByteString bytes) {
        return bytes.isValidUtf8() ? bytes.toStringUtf8() : LosslessText.of(bytes.asReadOnlyByteBuffer());
    }
}
