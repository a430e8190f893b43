package dev.weir.tools.cases;

import dev.weir.bucket.BucketStatus;
import dev.weir.config.Spelling;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.decide.RefusalReason;
import dev.weir.policy.Allowance;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.limits.PolicyRules;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what is expected of a step; the grammar is {@link CaseFileReader}'s. */
final class ExpectationReader {
    private static final List<String> KEYS =
            List.of("allowed", "refused", "by", "reason", "tier", "shadow", "retry_after", "remaining");
    private static final List<String> OF_REFUSALS = List.of("by", "reason", "tier", "retry_after");

    private static final String ALL = "true";
    private static final String NO_RETRY = "never";
    private static final long SECOND = 1_000_000;

    private final @Nullable Domain domain;

    /** @param domain the domain whose limits may be named; null where it is unknown and any name is taken */
    ExpectationReader(@Nullable Domain domain) {
        this.domain = domain;
    }

    /**
     * Returns the expectation, or null after adding a problem.
     *
     * @param times the number of calls sent
     */
    @Nullable
    Expectation read(YamlValue value, int times) {
        if (value.isMap()) {
            YamlMap fields = value.asMap();
            return fields == null ? null : read(value, fields, times);
        }
        String word = value.asText();
        if (word == null) {
            return null;
        }
        if (!word.equals("allowed") && !word.equals("refused")) {
            value.problem("`" + word + "` cannot be expected; write `allowed`, `refused`,"
                    + " or for example `{refused: user-requests}`");
            return null;
        }
        int allowed = word.equals("allowed") ? times : 0;
        return new Expectation(value.place(), allowed, times - allowed, null, null, null, Map.of(), null, Map.of());
    }

    private @Nullable Expectation read(YamlValue place, YamlMap fields, int times) {
        fields.rejectUnknown(KEYS, Map.of());
        if (KEYS.stream().allMatch(key -> fields.get(key) == null)) {
            place.problem("nothing is expected here; write for example `allowed`");
            return null;
        }
        YamlValue refusedValue = fields.get("refused");
        String refusedWord = refusedValue == null ? null : refusedValue.asText();
        boolean counted = refusedWord != null && Scalars.isWhole(refusedWord);
        boolean refusing =
                (refusedWord != null && !counted) || OF_REFUSALS.stream().anyMatch(key -> fields.get(key) != null);

        Integer saidAllowed = allowed(fields.get("allowed"), times);
        Long saidRefused = refusedValue == null || !counted ? null : Scalars.whole(refusedValue, 0, times);
        int others = saidAllowed == null ? 0 : saidAllowed;
        int rest = refusing || saidAllowed != null ? times - others : 0;
        int refused = saidRefused == null ? rest : saidRefused.intValue();
        int allowed = saidAllowed == null ? times - refused : saidAllowed;
        if (allowed + refused != times) {
            place.problem(
                    allowed + " allowed and " + refused + " refused are not the " + times + " that this step sends");
        } else if (refused == 0 && refusing) {
            place.problem("this tells of refusals, and none is expected; remove that, or lower `allowed`");
        }
        return new Expectation(
                place.place(),
                allowed,
                refused,
                by(refusedValue, counted ? null : refusedWord, fields.get("by")),
                reason(fields.get("reason")),
                tier(fields.get("tier")),
                shadow(fields.get("shadow"), times),
                retrySeconds(fields.get("retry_after")),
                remaining(fields.get("remaining")));
    }

    private static @Nullable Integer allowed(@Nullable YamlValue value, int times) {
        String text = value == null ? null : value.asText();
        if (value == null || text == null) {
            return null;
        }
        if (text.equals(ALL)) {
            return times;
        }
        if (!Scalars.isWhole(text)) {
            value.problem("`" + text + "` is no number of allowed sends; write how many, `true` for all,"
                    + " or `refused` in its place");
            return null;
        }
        Long count = Scalars.whole(value, 0, times);
        return count == null ? null : count.intValue();
    }

    private @Nullable String by(@Nullable YamlValue refused, @Nullable String refusedWord, @Nullable YamlValue by) {
        String named = refusedWord == null || refusedWord.equals(ALL) ? null : refusedWord;
        if (by == null) {
            return refused == null || named == null ? null : known(named, refused);
        }
        if (named != null) {
            by.problem("`refused` names the limit already; remove one");
        }
        String name = by.asText();
        return name == null ? null : known(name, by);
    }

    private static @Nullable RefusalReason reason(@Nullable YamlValue value) {
        String word = value == null ? null : value.asText();
        if (value == null || word == null) {
            return null;
        }
        Optional<RefusalReason> reason = Arrays.stream(RefusalReason.values())
                .filter(one -> one.word().equals(word))
                .findFirst();
        if (reason.isEmpty()) {
            value.problem("unknown reason `" + word + "`; use one of "
                    + Arrays.stream(RefusalReason.values())
                            .map(RefusalReason::word)
                            .collect(Collectors.joining(", ")));
        }
        return reason.orElse(null);
    }

    private @Nullable String tier(@Nullable YamlValue value) {
        String word = value == null ? null : value.asText();
        if (value == null || word == null || domain == null) {
            return word;
        }
        List<String> known = domain.limits().stream()
                .map(limit -> limit.tier().word())
                .distinct()
                .toList();
        if (!known.contains(word)) {
            value.problem(PolicyRules.TIER, Spelling.unknown("tier", word, known));
        }
        return word;
    }

    private Map<String, Integer> shadow(@Nullable YamlValue value, int times) {
        if (value == null) {
            return Map.of();
        }
        if (!value.isMap()) {
            String name = value.asText();
            return name == null || known(name, value) == null ? Map.of() : Map.of(name, times);
        }
        Map<String, Integer> shadow = new HashMap<>();
        amounts(value, times).forEach((name, count) -> shadow.put(name, count.intValue()));
        return shadow;
    }

    private static @Nullable Long retrySeconds(@Nullable YamlValue value) {
        String text = value == null ? null : value.asText();
        if (value == null || text == null) {
            return null;
        }
        if (text.equals(NO_RETRY)) {
            return BucketStatus.NEVER;
        }
        if (Scalars.isWhole(text)) {
            return Scalars.whole(value, 1, Integer.MAX_VALUE);
        }
        Long micros = Scalars.span(value);
        if (micros != null && micros % SECOND != 0) {
            value.problem("retry_after is in whole seconds, rounded up as in the header; write for example 1s");
        }
        return micros == null ? null : micros / SECOND;
    }

    private Map<String, Long> remaining(@Nullable YamlValue value) {
        return value == null ? Map.of() : amounts(value, Allowance.MAX_AMOUNT);
    }

    /** Reads amounts from 0 to {@code most}, of limits that are known. */
    private Map<String, Long> amounts(YamlValue value, long most) {
        YamlMap fields = value.asMap();
        Map<String, Long> amounts = new HashMap<>();
        if (fields == null) {
            return amounts;
        }
        fields.values().forEach((name, amount) -> {
            Long number = Scalars.whole(amount, 0, most);
            if (number != null && known(name, amount) != null) {
                amounts.put(name, number);
            }
        });
        if (fields.values().isEmpty()) {
            value.problem("no limit is named here; write for example `{user-requests: 5}`");
        }
        return amounts;
    }

    private @Nullable String known(String name, YamlValue place) {
        if (domain == null) {
            return name;
        }
        List<String> limits = domain.limits().stream().map(Limit::name).toList();
        if (limits.contains(name)) {
            return name;
        }
        String guess = Spelling.nearest(name, limits)
                .map(near -> "did you mean `" + near + "`? The")
                .orElse("the");
        place.problem("unknown limit `" + name + "`; " + guess + " domain `" + domain.name() + "` has "
                + String.join(", ", limits));
        return null;
    }
}
