package dev.weir.envoy.call;

import org.jspecify.annotations.Nullable;

/**
 * Keeps texts for when their bytes come again: names of domains and entries come from Envoy's configuration, the same few in every call,
 * and callers come again. Of two texts that share a place the later one takes it, so nobody can fill the table. Thread-safe: whoever loses
 * a race makes the text once more.
 */
final class KnownTexts {
    /** The longest text that is kept, in bytes, so that the table stays small. */
    private static final int LONGEST = 64;

    private final @Nullable String[] places;

    /** @param places the number of texts that there is room for, a power of two */
    @SuppressWarnings("NullAway") // Filled as texts come.
    KnownTexts(int places) {
        this.places = new String[places];
    }

    String of(byte[] bytes, int start, int length) {
        if (length > LONGEST) {
            return WireText.of(bytes, start, length);
        }
        int hash = 0;
        for (int i = start; i < start + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        int place = (hash ^ hash >>> 16) & (places.length - 1);
        String known = places[place];
        if (known != null && isAscii(known, bytes, start, length)) {
            return known;
        }
        String made = WireText.of(bytes, start, length);
        places[place] = made;
        return made;
    }

    /** Tells whether the bytes are this text, in ASCII. A text beyond ASCII is made anew each time. */
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
