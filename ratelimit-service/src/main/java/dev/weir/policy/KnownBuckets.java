package dev.weir.policy;

import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps names of buckets that were written before, for limits per one attribute: callers come again, and writing a name and computing its
 * hash takes longer than finding its bucket by it. Of two names that share a place the later one takes it, so nobody fills the table.
 * Thread-safe: a thread that loses a race writes the name once more.
 */
final class KnownBuckets {
    private static final int PLACES = 1 << 12;
    private static final int SHIFT = Integer.SIZE - Integer.numberOfTrailingZeros(PLACES);
    /** The multiplier of Fibonacci hashing (D. Knuth, The Art of Computer Programming, volume 3, section 6.4). */
    private static final int GOLDEN_RATIO = 0x9E3779B9;
    /** The longest value that is kept, in chars, so that the table stays small. */
    private static final int LONGEST = 64;

    private record Known(String prefix, String value, String name) {}

    @SuppressWarnings("NullAway") // Filled as callers come.
    private final @Nullable Known[] places = new Known[PLACES];

    private final BinaryOperator<String> write;

    /** @param write makes the name of a prefix and a value */
    KnownBuckets(BinaryOperator<String> write) {
        this.write = write;
    }

    String of(String prefix, String value) {
        if (value.length() > LONGEST) {
            return write.apply(prefix, value);
        }
        int place = ((31 * prefix.hashCode() + value.hashCode()) * GOLDEN_RATIO) >>> SHIFT;
        Known known = places[place];
        if (known != null && known.value.equals(value) && known.prefix.equals(prefix)) {
            return known.name;
        }
        String name = write.apply(prefix, value);
        places[place] = new Known(prefix, value, name);
        return name;
    }
}
