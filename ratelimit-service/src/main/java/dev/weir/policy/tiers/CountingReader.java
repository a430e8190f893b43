package dev.weir.policy.tiers;

import dev.weir.config.Spelling;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code user_rate_limit} and its like: how the amounts of a section are counted, and which header names its subject. */
final class CountingReader {
    private static final String STRATEGY = "strategy";
    private static final String WINDOW_SECONDS = "window_seconds";
    private static final String HEADER = "header";
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
    private static final List<String> STRATEGIES = Arrays.stream(Counting.Strategy.values())
            .map(Counting.Strategy::word)
            .toList();

    private CountingReader() {}

    /**
     * @param section null where there is none
     * @param shared the window of {@code distributed_rate_limit} in seconds, if it has one; a section must agree with it
     */
    static Counting read(@Nullable YamlMap section, Subject subject, OptionalLong shared) {
        long otherwise = shared.orElse(Counting.A_MINUTE);
        if (section == null) {
            return new Counting(Counting.Strategy.SLIDING_WINDOW, otherwise);
        }
        List<String> known = new ArrayList<>(List.of(STRATEGY, WINDOW_SECONDS));
        if (subject.isNamed()) {
            known.add(HEADER);
        }
        section.rejectUnknown(known, Map.of());
        OptionalLong own = WholeNumber.read(section, WINDOW_SECONDS, 1, Counting.LONGEST);
        YamlValue written = section.get(WINDOW_SECONDS);
        if (written != null && own.isPresent() && shared.isPresent() && own.getAsLong() != shared.getAsLong()) {
            written.problem(
                    TiersRules.TIERS,
                    "this window has " + own.getAsLong() + " s, and `window_ms` of `distributed_rate_limit` "
                            + shared.getAsLong() + " s; make them agree, or remove `window_ms`");
        }
        return new Counting(strategy(section.get(STRATEGY)), own.orElse(otherwise));
    }

    private static Counting.Strategy strategy(@Nullable YamlValue value) {
        String word = value == null ? null : value.asText();
        for (Counting.Strategy strategy : Counting.Strategy.values()) {
            if (strategy.word().equals(word)) {
                return strategy;
            }
        }
        if (value != null && word != null) {
            value.problem(Spelling.unknown(STRATEGY, word, STRATEGIES));
        }
        return Counting.Strategy.SLIDING_WINDOW;
    }

    /** Returns the header that names the section's subject; null where there is none, or after adding a problem. */
    static @Nullable YamlValue header(YamlMap section) {
        YamlValue value = section.get(HEADER);
        String name = value == null ? null : value.asText();
        if (value == null || name == null) {
            return null;
        }
        if (!HEADER_NAME.matcher(name).matches()) {
            value.problem("`" + name + "` cannot be the name of a header; write for example X-User-Id");
            return null;
        }
        return value;
    }
}
