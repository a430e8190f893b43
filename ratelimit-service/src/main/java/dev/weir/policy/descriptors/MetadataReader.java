package dev.weir.policy.descriptors;

import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code metadata}, whose keys and values are the writer's own. */
final class MetadataReader {
    private MetadataReader() {}

    /** Reads the metadata; empty where none is written. */
    static Map<String, Object> read(YamlMap fields) {
        YamlValue value = fields.get("metadata");
        YamlMap pairs = value == null || value.isNothing() ? null : value.asMap();
        return pairs == null ? Map.of() : map(pairs);
    }

    private static Map<String, Object> map(YamlMap pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        pairs.values().forEach((key, value) -> put(map, key, value(value)));
        return map;
    }

    @SuppressWarnings("NullAway") // JSON has null, and java.util.Map takes it.
    private static void put(Map<String, Object> map, String key, @Nullable Object value) {
        map.put(key, value);
    }

    private static @Nullable Object value(YamlValue value) {
        YamlMap pairs = value.isMap() ? value.asMap() : null;
        if (pairs != null) {
            return map(pairs);
        }
        List<YamlValue> items = value.isList() ? value.asList() : null;
        if (items != null) {
            List<@Nullable Object> list = new ArrayList<>();
            items.forEach(item -> list.add(value(item)));
            return list;
        }
        return value.isNothing() ? null : scalar(value.textOrEmpty(), value.isPlain());
    }

    private static Object scalar(String text, boolean plain) {
        Boolean truth = plain ? Scalars.truth(text) : null;
        if (truth != null) {
            return truth;
        }
        BigInteger whole = plain ? Scalars.whole(text) : null;
        if (whole != null) {
            return whole.doubleValue();
        }
        boolean finite = plain && Scalars.isFraction(text) && Character.isDigit(text.charAt(text.length() - 1));
        return finite ? (Object) Double.valueOf(text) : text;
    }
}
