package dev.weir.envoy.call;

import org.jspecify.annotations.Nullable;

/**
 * Names as text that were text before. Those of domains and entries come from Envoy's configuration, the same few in every call. Of two
 * names that share a place the later one takes it, so nobody fills the table. Thread-safe: whoever loses a race makes the text once more.
 */
final class KnownNames {
    private static final int PLACES = 256;
    /** A longer one is none that somebody configured. */
    private static final int LONGEST = 64;

    @SuppressWarnings("NullAway") // Filled as names come.
    private final @Nullable String[] places = new String[PLACES];

    String of(byte[] bytes, int start, int length) {
        if (length > LONGEST) {
            return WireText.of(bytes, start, length);
        }
        int hash = 0;
        for (int i = start; i < start + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        int place = hash & (PLACES - 1);
        String known = places[place];
        if (known != null && isAscii(known, bytes, start, length)) {
            return known;
        }
        String made = WireText.of(bytes, start, length);
        places[place] = made;
        return made;
    }

    /** Whether it is this text, in ASCII. What is not costs the making of a text each time. */
    private static boolean isAscii(String text, byte[] bytes, int start, int length) {
        if (text.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) != bytes[start + i]) {
                return false;
            }
        }
        return true;
    }
}
