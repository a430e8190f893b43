package dev.weir.envoy.call;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Names as text that were text before. Those of domains and entries come from Envoy's configuration, the same few in every call. Of two
 * names that share a place the later one takes it, so nobody fills it. Thread-safe: whoever loses a race makes the text once more.
 */
final class WireNames {
    private static final int PLACES = 256;
    /** A longer one is none that somebody configured. */
    private static final int LONGEST = 64;

    private record Known(ByteString bytes, String text) {}

    @SuppressWarnings("NullAway") // Filled as names come.
    private final @Nullable Known[] places = new Known[PLACES];

    String of(ByteString bytes) {
        if (bytes.size() > LONGEST) {
            return WireText.of(bytes);
        }
        int place = bytes.hashCode() & (PLACES - 1);
        Known known = places[place];
        if (known != null && known.bytes.equals(bytes)) {
            return known.text;
        }
        // Copied, since these bytes may be a part of a whole message.
        Known made = new Known(ByteString.copyFrom(bytes.toByteArray()), WireText.of(bytes));
        places[place] = made;
        return made.text;
    }
}
