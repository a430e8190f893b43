package dev.weir.policy.limits;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Periods;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.measure.Measure;
import dev.weir.policy.Allowance;
import dev.weir.policy.Window;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads how a limit counts. */
public final class AlgorithmReader {
    private static final String SLIDING_WINDOW = "sliding_window";
    private static final String TOKEN_BUCKET = "token_bucket";
    private static final String FIXED_WINDOW = "fixed_window";

    public static final List<String> KNOWN = List.of(SLIDING_WINDOW, TOKEN_BUCKET, FIXED_WINDOW);

    private AlgorithmReader() {}

    /**
     * Reads the algorithm; null after adding a problem.
     *
     * @param allowed the place of the allowance
     */
    static @Nullable Algorithm read(YamlMap fields, YamlValue allowed, Allowance allow, ZoneId zone) {
        YamlValue value = fields.get("algorithm");
        String word = value == null ? SLIDING_WINDOW : value.asText();
        long leaseMicros = LeaseReader.read(fields, allow);
        YamlValue burst = fields.get("burst");
        if (burst != null && !TOKEN_BUCKET.equals(word)) {
            burst.problem(
                    PolicyRules.ALGORITHM,
                    "a burst belongs to token_bucket; add `algorithm: token_bucket` or remove it");
        }
        if (allow.unlimited()) {
            if (value != null) {
                value.problem(PolicyRules.ALGORITHM, "what is unlimited is not counted; remove the algorithm");
            }
            return new Algorithm.Unlimited();
        }
        if (allow.measure() == Measure.PARALLEL) {
            if (value != null) {
                value.problem(
                        PolicyRules.ALGORITHM, "parallel requests are counted in one way only; remove the algorithm");
            }
            return new Algorithm.Parallel(allow.amount(), leaseMicros);
        }
        if (word == null || (value != null && !known(word, value, allow))) {
            return null;
        }
        if (word.equals(FIXED_WINDOW)) {
            return new Algorithm.FixedWindow(allow.amount(), periods(allow.window(), zone));
        }
        if (!(allow.window() instanceof Window.Length window)) {
            allowed.problem(
                    PolicyRules.WINDOW,
                    "the calendar window `" + allow.window().text()
                            + "` belongs to fixed_window; add `algorithm: fixed_window`, or write `1d` for 24 hours");
            return null;
        }
        return word.equals(TOKEN_BUCKET)
                ? tokenBucket(allowed, burst, allow.amount(), window.micros())
                : new Algorithm.SlidingWindow(allow.amount(), window.micros());
    }

    private static boolean known(String word, YamlValue value, Allowance allow) {
        boolean known = KNOWN.contains(word);
        if (!known) {
            value.problem(
                    PolicyRules.ALGORITHM,
                    word.equals("unlimited")
                            ? "`unlimited` is not an algorithm; write `allow: unlimited "
                                    + allow.measure().word() + "`"
                            : "unknown algorithm `" + word + "`; use one of " + String.join(", ", KNOWN));
        }
        return known;
    }

    private static Periods periods(Window window, ZoneId zone) {
        return window instanceof Window.Calendar calendar
                ? new Periods.Calendar(calendar.unit(), zone)
                : new Periods.Every(((Window.Length) window).micros());
    }

    private static @Nullable Algorithm tokenBucket(
            YamlValue allowed, @Nullable YamlValue value, long amount, long windowMicros) {
        String text = value == null ? null : value.asText();
        long burst = text == null ? amount : AllowanceReader.amount(text);
        if (value != null && burst < 1) {
            value.problem(PolicyRules.ALGORITHM, "`" + text + "` is not a burst of at least 1; write for example 60k");
            return null;
        }
        if (amount < 1) {
            allowed.problem(
                    PolicyRules.ALGORITHM,
                    "a token bucket into which nothing flows stays empty; allow at least 1, or use sliding_window");
            return null;
        }
        Algorithm.TokenBucket refilling = Algorithm.TokenBucket.of(amount, windowMicros, burst);
        if (burst > Allowance.MAX_AMOUNT / refilling.sharesPerUnit()) {
            allowed.problem(
                    PolicyRules.ALGORITHM,
                    "this amount, window and burst together are too large to be counted exactly;"
                            + " choose a rounder amount, a shorter window or a smaller burst");
            return null;
        }
        return refilling;
    }
}
