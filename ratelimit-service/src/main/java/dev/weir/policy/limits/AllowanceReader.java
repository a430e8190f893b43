package dev.weir.policy.limits;

import dev.weir.config.YamlValue;
import dev.weir.measure.Measure;
import dev.weir.policy.Allowance;
import dev.weir.policy.Window;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code <amount> requests|tokens / <window>}, {@code <amount> parallel} and {@code unlimited requests|tokens|parallel}. */
final class AllowanceReader {
    private static final Pattern GRAMMAR = Pattern.compile("\\s*(\\S+)\\s+(\\S+?)\\s*(?:/\\s*(.*?)\\s*)?");
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,16})([kM]?)");

    private static final int LONGEST = 100;
    private static final String UNLIMITED = "unlimited";

    private AllowanceReader() {}

    /** Reads the allowance; null after adding a problem. */
    static @Nullable Allowance read(YamlValue value) {
        String text = value.asText();
        if (text == null) {
            return null;
        }
        Matcher matcher = GRAMMAR.matcher(text);
        if (text.length() > LONGEST || !matcher.matches()) {
            value.problem(
                    PolicyRules.ALLOWANCE, "`" + text + "` is not an allowance; write for example `20 requests / 1m`");
            return null;
        }
        boolean unlimited = matcher.group(1).equals(UNLIMITED);
        long amount = unlimited ? Allowance.UNLIMITED : amount(matcher.group(1));
        if (amount < 0) {
            value.problem(
                    PolicyRules.ALLOWANCE,
                    "`" + matcher.group(1) + "` is not an amount from 0 to " + Allowance.MAX_AMOUNT
                            + "; write for example 20, 40k, 4M or unlimited");
        }
        Measure measure = measure(matcher.group(2), value);
        Window window = measure == null ? null : window(measure, unlimited, matcher.group(3), value);
        return amount < 0 || measure == null || window == null ? null : new Allowance(amount, measure, window);
    }

    /** Reads {@code 20}, {@code 40k} or {@code 4M}; -1 where the text is no amount or out of range. */
    static long amount(String text) {
        Matcher matcher = AMOUNT.matcher(text);
        if (!matcher.matches()) {
            return -1;
        }
        long unit = switch (matcher.group(2)) {
            case "k" -> 1_000;
            case "M" -> 1_000_000;
            default -> 1;
        };
        long count = Long.parseLong(matcher.group(1));
        return count > Allowance.MAX_AMOUNT / unit ? -1 : count * unit;
    }

    private static @Nullable Measure measure(String word, YamlValue value) {
        return switch (word) {
            case "requests" -> Measure.REQUESTS;
            case "tokens" -> Measure.TOKENS;
            case "parallel" -> Measure.PARALLEL;
            case "usd" -> {
                value.problem(
                        PolicyRules.MEASURE,
                        "the measure `usd` is not enforced by this version; use requests, tokens or parallel");
                yield null;
            }
            default -> {
                value.problem(PolicyRules.MEASURE, "unknown measure `" + word + "`; use requests, tokens or parallel");
                yield null;
            }
        };
    }

    private static @Nullable Window window(Measure measure, boolean unlimited, @Nullable String text, YamlValue value) {
        if (measure == Measure.PARALLEL || unlimited) {
            if (text != null) {
                value.problem(
                        PolicyRules.WINDOW,
                        (unlimited ? "what is unlimited has" : "parallel requests have") + " no window; remove `/ "
                                + text + "`");
            }
            return new Window.None();
        }
        if (text == null) {
            value.problem(PolicyRules.WINDOW, "the window is missing; write for example `/ 1m` after the measure");
            return null;
        }
        Optional<Window> window = Window.parse(text);
        if (window.isEmpty()) {
            value.problem(
                    PolicyRules.WINDOW,
                    "`" + text + "` is not a window from 1s to 31d; write for example 30s, 1m, 1h, 1d,"
                            + " 1 day, 1 week or 1 month");
        }
        return window.orElse(null);
    }
}
