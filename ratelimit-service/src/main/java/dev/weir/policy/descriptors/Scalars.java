package dev.weir.policy.descriptors;

import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of the dialect's keys as the reference's YAML 1.1 reads them: {@code yes} and {@code on} are true, what is not written
 * is empty, off or zero, and no key takes a number with a fraction.
 */
final class Scalars {
    private static final Set<String> TRUE =
            Set.of("y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE");
    private static final Set<String> FALSE =
            Set.of("n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE");
    private static final Map<String, Integer> BASES = Map.of("binary", 2, "octal", 8, "decimal", 10, "hex", 16);
    private static final Pattern WHOLE = Pattern.compile(
            "[-+]?(0b(?<binary>[01_]+)|0x(?<hex>[0-9a-fA-F_]+)|0(?<octal>[0-7_]+)|(?<decimal>[0-9][0-9_]*))");
    private static final Pattern FRACTION = Pattern.compile(
            "[-+]?(\\.[0-9]+|[0-9]+\\.[0-9]*|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    private Scalars() {}

    /** Reads a text; empty where it is not written. */
    static String text(YamlMap fields, String key) {
        YamlValue value = fields.get(key);
        if (value == null
                || value.isNothing()
                || (value.isText() && value.textOrEmpty().isEmpty())) {
            return "";
        }
        if (value.isPlain() && isOddNumber(value.textOrEmpty())) {
            value.problem("`" + value.textOrEmpty()
                    + "` is a number with a fraction, or a very large one, to YAML; put it in quotes");
        }
        if (value.isList() || value.isMap()) {
            value.asText();
        }
        return value.textOrEmpty();
    }

    private static boolean isOddNumber(String plain) {
        BigInteger whole = whole(plain);
        return whole == null ? isFraction(plain) : whole.bitLength() >= Long.SIZE;
    }

    static boolean isFraction(String plain) {
        return FRACTION.matcher(plain).matches();
    }

    /** Reads true or false; null where the text is neither. */
    static @Nullable Boolean truth(String plain) {
        return TRUE.contains(plain) ? Boolean.TRUE : FALSE.contains(plain) ? Boolean.FALSE : null;
    }

    /** Reads a whole number of YAML 1.1: {@code 1_000}, {@code 0x10}, and {@code 010}, which is eight; null for anything else. */
    static @Nullable BigInteger whole(String plain) {
        Matcher matcher = WHOLE.matcher(plain);
        if (!matcher.matches()) {
            return null;
        }
        String sign = plain.startsWith("-") ? "-" : "";
        BigInteger whole = null;
        for (Map.Entry<String, Integer> base : BASES.entrySet()) {
            String digits = matcher.group(base.getKey());
            if (digits != null && !digits.replace("_", "").isEmpty()) {
                whole = new BigInteger(sign + digits.replace("_", ""), base.getValue());
            }
        }
        return whole;
    }

    static boolean flag(YamlMap fields, String key) {
        YamlValue value = fields.get(key);
        if (value == null || value.isNothing()) {
            return false;
        }
        Boolean truth = value.isPlain() ? truth(value.textOrEmpty()) : null;
        if (truth == null) {
            value.problem("`" + key + "` is true or false, without quotes");
        }
        return Boolean.TRUE.equals(truth);
    }

    /** Reads a number from 0 to 2^32 - 1; 0 where it is not written, or after adding a problem. */
    static long requests(YamlMap fields, String key) {
        YamlValue value = fields.get(key);
        if (value == null || value.isNothing()) {
            return 0;
        }
        BigInteger whole = value.isPlain() ? whole(value.textOrEmpty()) : null;
        if (whole != null && whole.signum() >= 0 && whole.bitLength() <= 32) {
            return whole.longValue();
        }
        value.problem("`" + key + "` is a whole number from 0 to 4294967295, without quotes");
        return 0;
    }

    /** Reads a list; empty where it is not written, or after adding a problem. */
    static List<YamlValue> items(YamlMap fields, String key) {
        YamlValue value = fields.get(key);
        List<YamlValue> items = value == null || value.isNothing() ? null : value.asList();
        return items == null ? List.of() : items;
    }
}
