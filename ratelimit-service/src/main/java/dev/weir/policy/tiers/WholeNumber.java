package dev.weir.policy.tiers;

import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads whole numbers. */
final class WholeNumber {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,16}");

    private WholeNumber() {}

    /** Reads a number; empty where the key is not there or, after adding a problem, where it is none from {@code least} to {@code most}. */
    static OptionalLong read(YamlMap fields, String key, long least, long most) {
        YamlValue value = fields.get(key);
        String text = value == null ? null : value.asText();
        if (value == null || text == null) {
            return OptionalLong.empty();
        }
        long number = DIGITS.matcher(text).matches() ? Long.parseLong(text) : -1;
        if (number < least || number > most) {
            value.problem("`" + text + "` is not a whole number from " + least + " to " + most);
            return OptionalLong.empty();
        }
        return OptionalLong.of(number);
    }
}
