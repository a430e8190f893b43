package dev.weir.policy.limits;

import dev.weir.config.Spelling;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.policy.Mode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code enforce}, {@code shadow} or {@code {enforce: 25%, of: team}}. */
public final class ModeReader {
    private static final String ENFORCE = "enforce";
    private static final String SHADOW = "shadow";
    private static final String OF = "of";
    public static final List<String> SHARE_KEYS = List.of(ENFORCE, OF);
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,2})?)%");
    private static final BigDecimal ALL = BigDecimal.valueOf(100);

    private ModeReader() {}

    /** Reads the mode; null after adding a problem. */
    static @Nullable Mode read(@Nullable YamlValue value) {
        if (value == null) {
            return new Mode.Enforced();
        }
        if (value.isMap()) {
            YamlMap share = value.asMap();
            return share == null ? null : share(share);
        }
        String word = value.asText();
        if (word == null) {
            return null;
        }
        switch (word) {
            case ENFORCE -> {
                return new Mode.Enforced();
            }
            case SHADOW -> {
                return new Mode.Shadow();
            }
            default ->
                value.problem(
                        PolicyRules.MODE,
                        Spelling.unknown("mode", word, List.of(ENFORCE, SHADOW))
                                + ", or for example {enforce: 25%, of: team}");
        }
        return null;
    }

    private static @Nullable Mode share(YamlMap fields) {
        fields.rejectUnknown(SHARE_KEYS, Map.of());
        YamlValue share = fields.require(ENFORCE, "25%");
        YamlValue of = fields.require(OF, "team");
        String text = share == null ? null : share.asText();
        String attribute = of == null ? null : of.asText();
        if (share == null || of == null || text == null || attribute == null) {
            return null;
        }
        AttributeNames.check(attribute, of);
        Matcher matcher = PERCENT.matcher(text);
        BigDecimal percent = matcher.matches() ? new BigDecimal(matcher.group(1)) : ALL.add(ALL);
        if (percent.compareTo(ALL) > 0) {
            share.problem(
                    PolicyRules.MODE, "`" + text + "` is not a share from 0% to 100%; write for example 25% or 0.5%");
            return null;
        }
        return new Mode.Share(percent.multiply(ALL).intValueExact(), attribute);
    }
}
