package dev.weir.policy;

import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A span of time as a policy writes it. */
public sealed interface Window {
    /** Returns it as written, such as {@code 1m}. */
    String text();

    /**
     * A length of time.
     *
     * @param micros in microseconds, from one second to 31 days; up to 365 days in the descriptors dialect
     */
    record Length(String text, long micros) implements Window {}

    /**
     * A period of the calendar, in the domain's time zone.
     *
     * @param unit {@code DAYS}, {@code WEEKS} or {@code MONTHS}
     */
    record Calendar(String text, ChronoUnit unit) implements Window {}

    /** The window of what counts only while it lasts, or is unlimited. */
    record None() implements Window {
        @Override
        public String text() {
            return "";
        }
    }

    /**
     * Reads {@code 30s}, {@code 1m}, {@code 5m}, {@code 1h}, {@code 1d} as lengths, and {@code 1 day}, {@code 1 week},
     * {@code 1 month} as periods of the calendar; empty where it is none, or longer than 31 days.
     */
    static Optional<Window> parse(String text) {
        return switch (text) {
            case "1 day" -> Optional.of(new Calendar(text, ChronoUnit.DAYS));
            case "1 week" -> Optional.of(new Calendar(text, ChronoUnit.WEEKS));
            case "1 month" -> Optional.of(new Calendar(text, ChronoUnit.MONTHS));
            default -> Grammar.length(text);
        };
    }

    /** The words for lengths. */
    final class Grammar {
        private static final Pattern LENGTH = Pattern.compile("([1-9][0-9]{0,6})([smhd])");
        private static final long SECOND = 1_000_000;
        private static final long LONGEST = 31 * 86_400 * SECOND;

        private Grammar() {}

        private static Optional<Window> length(String text) {
            Matcher matcher = LENGTH.matcher(text);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            long unit = switch (matcher.group(2)) {
                case "s" -> SECOND;
                case "m" -> 60 * SECOND;
                case "h" -> 3_600 * SECOND;
                default -> 86_400 * SECOND;
            };
            long micros = Long.parseLong(matcher.group(1)) * unit;
            return micros > LONGEST ? Optional.empty() : Optional.of(new Length(text, micros));
        }
    }
}
