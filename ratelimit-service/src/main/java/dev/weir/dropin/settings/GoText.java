package dev.weir.dropin.settings;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads values as Go's libraries do, so that what a variable meant for the reference it means here. */
final class GoText {
    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");
    private static final Pattern INTEGER =
            Pattern.compile("([+-]?)(0[xX]_?|0[bB]_?|0[oO]?_?(?=[0-9]))?([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
    private static final Pattern STEP = Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");

    private GoText() {}

    /** @throws IllegalArgumentException saying what to write */
    static boolean flag(String text) {
        if (TRUE.contains(text)) {
            return true;
        }
        if (FALSE.contains(text)) {
            return false;
        }
        throw new IllegalArgumentException("write true or false");
    }

    /**
     * Reads a whole number, in any base that Go reads.
     *
     * @throws IllegalArgumentException saying what to write
     */
    static long integer(String text) {
        Matcher number = INTEGER.matcher(text);
        if (!number.matches()) {
            throw new IllegalArgumentException("write a whole number");
        }
        String digits = number.group(1) + number.group(3).replace("_", "");
        try {
            return Long.parseLong(digits, base(number.group(2)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("write a whole number", e);
        }
    }

    private static int base(@Nullable String prefix) {
        if (prefix == null) {
            return 10;
        }
        return switch (prefix.replace("_", "")) {
            case "0x", "0X" -> 16;
            case "0b", "0B" -> 2;
            default -> 8;
        };
    }

    /** @throws IllegalArgumentException saying what to write */
    static double decimal(String text) {
        if (!DECIMAL.matcher(text).matches()) {
            throw new IllegalArgumentException("write a number such as 0.8");
        }
        return Double.parseDouble(text);
    }

    /**
     * Reads durations such as {@code 1m30s}, {@code 500ms} and {@code 0}.
     *
     * @throws IllegalArgumentException saying what to write
     */
    static Duration duration(String text) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String steps = signed ? text.substring(1) : text;
        if (steps.equals("0")) {
            return Duration.ZERO;
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher step = STEP.matcher(steps);
        int end = 0;
        while (step.find() && step.start() == end) {
            nanos = nanos.add(new BigDecimal(step.group(1)).multiply(BigDecimal.valueOf(nanos(step.group(2)))));
            end = step.end();
        }
        if (steps.isEmpty() || end != steps.length() || nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("write a duration with its unit, such as 500ms, 10s or 1m30s");
        }
        Duration duration = Duration.ofNanos(nanos.longValue());
        return text.startsWith("-") ? duration.negated() : duration;
    }

    private static long nanos(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 1_000;
        };
    }

    /**
     * Reads {@code a:b,c:d}; nothing where there is only white space.
     *
     * @throws IllegalArgumentException saying what to write
     */
    static Map<String, String> map(String text) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String pair : list(text)) {
            String[] parts = pair.split(":", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException("write pairs such as name:value,other:value");
            }
            map.put(parts[0], parts[1]);
        }
        return map;
    }

    /** Reads {@code a,b,c}; nothing where there is only white space. */
    static List<String> list(String text) {
        return text.isBlank() ? List.of() : Arrays.asList(text.split(",", -1));
    }
}
