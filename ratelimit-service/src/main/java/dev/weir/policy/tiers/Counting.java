package dev.weir.policy.tiers;

import dev.weir.policy.Window;
import java.util.Locale;

/** The way in which the rates of a section are counted. */
record Counting(Strategy strategy, long seconds) {
    static final int A_MINUTE = 60;
    /** The longest window in seconds: 31 days, as for native limits. */
    static final int LONGEST = 31 * 86_400;

    private static final long SECOND = 1_000_000;

    enum Strategy {
        SLIDING_WINDOW,
        TOKEN_BUCKET,
        FIXED_WINDOW;

        /** Returns it as it is written. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns the window as a native limit writes it: {@code 30s}, {@code 1m}, {@code 1h}. */
    Window.Length window() {
        String text = seconds % 86_400 == 0
                ? seconds / 86_400 + "d"
                : seconds % 3_600 == 0 ? seconds / 3_600 + "h" : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
        return new Window.Length(text, seconds * SECOND);
    }
}
