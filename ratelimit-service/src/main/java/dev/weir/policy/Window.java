package dev.weir.policy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A span of time as a policy writes it.
 *
 * @param text as written, such as {@code 1m}
 * @param micros its length in microseconds, from one second to 31 days
 */
public record Window(String text, long micros) {
    private static final Pattern GRAMMAR = Pattern.compile("([1-9][0-9]{0,6})([smhd])");
    private static final long SECOND = 1_000_000;
    private static final long LONGEST = 31 * 86_400 * SECOND;

    /** Reads {@code 30s}, {@code 1m}, {@code 5m}, {@code 1h}, {@code 1d}; empty where it is none or longer than 31 days. */
    public static Optional<Window> parse(String text) {
        Matcher matcher = GRAMMAR.matcher(text);
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
        return micros > LONGEST ? Optional.empty() : Optional.of(new Window(text, micros));
    }
}
