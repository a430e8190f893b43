package dev.weir.policy;

import java.util.Locale;
import java.util.Optional;

/**
 * The windows of the dialect, as the reference counts them: all of a fixed length and counted from the epoch, so that weeks begin on
 * Thursdays and months have thirty days.
 */
public enum DescriptorUnit {
    SECOND("1s", 1),
    MINUTE("1m", 60),
    HOUR("1h", 3_600),
    DAY("1d", 86_400),
    WEEK("7d", 7 * 86_400),
    MONTH("30d", 30 * 86_400),
    YEAR("365d", 365 * 86_400);

    private static final long SECOND_MICROS = 1_000_000;

    private final String text;
    private final long seconds;

    DescriptorUnit(String text, long seconds) {
        this.text = text;
        this.seconds = seconds;
    }

    /** Finds a unit by its name in upper or lower case. */
    public static Optional<DescriptorUnit> of(String word) {
        String upper = word.toUpperCase(Locale.ROOT);
        for (DescriptorUnit unit : values()) {
            if (unit.name().equals(upper)) {
                return Optional.of(unit);
            }
        }
        return Optional.empty();
    }

    public Window.Length window() {
        return new Window.Length(text, seconds * SECOND_MICROS);
    }
}
