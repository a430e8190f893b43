package dev.weir.policy.limits;

import dev.weir.config.Spelling;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.policy.Answers;
import dev.weir.policy.Template;
import dev.weir.policy.Window;
import dev.weir.policy.Wording;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the answers to refused callers: {@code answers} of a domain, {@code comment} and {@code answer} of a limit. */
public final class AnswerReader {
    private static final String LONG_WAITS = "long_waits";

    public static final List<String> DOMAIN_KEYS = List.of("headers", "errors", "status", LONG_WAITS);
    public static final List<String> LIMIT_KEYS = List.of("message", "body", "status");

    private static final int LONGEST = 4_000;
    private static final Pattern STATUS = Pattern.compile("[45][0-9]{2}");
    /** The key of an answer's sentence, which the body may name as a variable and the sentence itself may not. */
    private static final String MESSAGE = "message";

    private AnswerReader() {}

    /** Reads the answers of a domain, with the default for what is missing or cannot be read. */
    static Answers answers(@Nullable YamlValue value) {
        YamlMap fields = value == null ? null : value.asMap();
        if (fields == null) {
            return Answers.DEFAULT;
        }
        fields.rejectUnknown(DOMAIN_KEYS, Map.of());
        return new Answers(
                word(fields.get("headers"), "headers", Answers.Headers.values(), Answers.DEFAULT.headers()),
                word(fields.get("errors"), "errors", Answers.Errors.values(), Answers.DEFAULT.errors()),
                status(fields.get("status")),
                longWait(fields.get(LONG_WAITS)));
    }

    private static long longWait(@Nullable YamlValue value) {
        String text = value == null ? null : value.asText();
        if (value == null || text == null) {
            return Answers.DEFAULT.longWaitMicros();
        }
        if (text.equals("none")) {
            return Answers.NO_WAIT_IS_LONG;
        }
        if (Window.parse(text).orElse(null) instanceof Window.Length length) {
            return length.micros();
        }
        value.problem(
                PolicyRules.ANSWER,
                "`" + text + "` is neither a length from 1s to 31d nor `none`; write for example 2m, the default");
        return Answers.DEFAULT.longWaitMicros();
    }

    static <E extends Enum<E>> E word(@Nullable YamlValue value, String what, E[] known, E otherwise) {
        String text = value == null ? null : value.asText();
        if (value == null || text == null) {
            return otherwise;
        }
        for (E each : known) {
            if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
                return each;
            }
        }
        List<String> words = Arrays.stream(known)
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .toList();
        value.problem(PolicyRules.ANSWER, Spelling.unknown(what, text, words));
        return otherwise;
    }

    static Wording wording(YamlMap limit) {
        String comment = limit.text("comment");
        YamlValue value = limit.get("answer");
        YamlMap fields = value == null ? null : value.asMap();
        if (fields == null) {
            return comment == null ? Wording.NONE : new Wording(comment, null, null, 0);
        }
        fields.rejectUnknown(LIMIT_KEYS, Map.of());
        return new Wording(
                comment,
                template(fields.get(MESSAGE), variable -> !variable.equals(MESSAGE)),
                template(fields.get("body"), variable -> true),
                status(fields.get("status")));
    }

    private static @Nullable Template template(@Nullable YamlValue value, Predicate<String> allowed) {
        String text = value == null ? null : value.asText();
        if (value == null || text == null) {
            return null;
        }
        if (text.length() > LONGEST) {
            value.problem(PolicyRules.ANSWER, "is longer than " + LONGEST + " characters; say it more shortly");
        }
        Template template = Template.of(text);
        List<String> known = Template.VARIABLES.stream().filter(allowed).toList();
        for (String variable : template.variables()) {
            if (!known.contains(variable)) {
                value.problem(PolicyRules.ANSWER, Spelling.unknown("variable", variable, known));
            }
        }
        return template;
    }

    /** Returns {@link Answers#BY_REASON} where there is none. */
    private static int status(@Nullable YamlValue value) {
        String text = value == null ? null : value.asText();
        if (value == null || text == null) {
            return Answers.BY_REASON;
        }
        if (!STATUS.matcher(text).matches()) {
            value.problem(PolicyRules.ANSWER, "`" + text + "` is not a status from 400 to 599; write for example 429");
            return Answers.BY_REASON;
        }
        return Integer.parseInt(text);
    }
}
