package dev.weir.xds;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns protobuf's JSON into the values that a descriptor's metadata holds. */
final class Structs {
    private Structs() {}

    /** Returns the fields in the order of their keys, whatever their order in the message. */
    static Map<String, Object> map(Struct struct) {
        Map<String, Object> map = new LinkedHashMap<>();
        new TreeMap<>(struct.getFieldsMap()).forEach((key, value) -> put(map, key, value(value)));
        return map;
    }

    @SuppressWarnings("NullAway") // JSON has null, and java.util.Map takes it.
    private static void put(Map<String, Object> map, String key, @Nullable Object value) {
        map.put(key, value);
    }

    private static @Nullable Object value(Value value) {
        return switch (value.getKindCase()) {
            case NUMBER_VALUE -> value.getNumberValue();
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> value.getBoolValue();
            case STRUCT_VALUE -> map(value.getStructValue());
            case LIST_VALUE -> list(value.getListValue().getValuesList());
            case NULL_VALUE, KIND_NOT_SET -> null;
        };
    }

    private static List<@Nullable Object> list(List<Value> values) {
        List<@Nullable Object> list = new ArrayList<>();
        values.forEach(value -> list.add(value(value)));
        return list;
    }
}
