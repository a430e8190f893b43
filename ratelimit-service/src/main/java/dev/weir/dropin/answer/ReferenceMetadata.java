package dev.weir.dropin.answer;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weir.decide.LimitStatus;
import dev.weir.envoy.call.WireText;
import dev.weir.policy.Descriptors;
import dev.weir.wire.Descriptor;
import dev.weir.wire.Entry;
import dev.weir.wire.LimitOverride;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.type.v3.RateLimitUnit;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the dynamic metadata of an answer as envoyproxy/ratelimit does: what was asked, and the {@code metadata} of the limits that were
 * not exceeded. Where two of them have the same key, the first holds, but maps are merged.
 */
final class ReferenceMetadata {
    private ReferenceMetadata() {}

    /** @param standings by the positions of the descriptors */
    static Struct of(RateLimitRequest request, @Nullable LimitStatus[] standings, Descriptors rules) {
        Struct.Builder metadata = Struct.newBuilder().putFields("domain", text(WireText.of(request.getDomain())));
        ListValue.Builder descriptors = ListValue.newBuilder();
        request.getDescriptorsList()
                .forEach(
                        descriptor -> descriptors.addValues(Value.newBuilder().setStructValue(descriptor(descriptor))));
        metadata.putFields(
                "descriptors", Value.newBuilder().setListValue(descriptors).build());
        if (request.getHitsAddend() != 0) {
            metadata.putFields("hitsAddend", number((double) Integer.toUnsignedLong(request.getHitsAddend())));
        }
        Map<String, Object> kept = new LinkedHashMap<>();
        for (LimitStatus standing : standings) {
            if (standing != null && !standing.limit().allow().unlimited() && !ReferenceAnswer.isOver(standing)) {
                merge(kept, rules.leaf(standing.limit()).metadata());
            }
        }
        if (!kept.isEmpty()) {
            metadata.putFields("metadata", value(kept));
        }
        return metadata.build();
    }

    private static Struct descriptor(Descriptor wire) {
        ListValue.Builder entries = ListValue.newBuilder();
        for (Entry entry : wire.getEntriesList()) {
            entries.addValues(text(WireText.of(entry.getKey()) + "=" + WireText.of(entry.getValue())));
        }
        Struct.Builder descriptor = Struct.newBuilder()
                .putFields("entries", Value.newBuilder().setListValue(entries).build());
        if (wire.hasLimit()) {
            descriptor.putFields("limit", text(limit(wire.getLimit())));
        }
        if (wire.hasHitsAddend()) {
            descriptor.putFields(
                    "hitsAddend", number((double) wire.getHitsAddend().getValue()));
        }
        return descriptor.build();
    }

    /** Writes the limit in the text format of protocol buffers. */
    private static String limit(LimitOverride limit) {
        String requests = limit.getRequestsPerUnit() == 0
                ? ""
                : "requests_per_unit:" + Integer.toUnsignedLong(limit.getRequestsPerUnit()) + " ";
        RateLimitUnit unit = RateLimitUnit.forNumber(limit.getUnit());
        return requests + "unit:" + (unit == null ? Integer.toString(limit.getUnit()) : unit.name());
    }

    @SuppressWarnings("unchecked")
    private static void merge(Map<String, Object> into, Map<String, Object> from) {
        from.forEach((key, value) -> {
            Object known = into.get(key);
            if (!into.containsKey(key)) {
                into.put(key, value instanceof Map<?, ?> map ? copy((Map<String, Object>) map) : value);
            } else if (known instanceof Map<?, ?> one && value instanceof Map<?, ?> other) {
                merge((Map<String, Object>) one, (Map<String, Object>) other);
            }
        });
    }

    private static Map<String, Object> copy(Map<String, Object> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        merge(copy, map);
        return copy;
    }

    private static Value value(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Struct.Builder fields = Struct.newBuilder();
            map.forEach((key, field) -> fields.putFields(String.valueOf(key), value(field)));
            return Value.newBuilder().setStructValue(fields).build();
        }
        if (value instanceof List<?> list) {
            ListValue.Builder items = ListValue.newBuilder();
            list.forEach(item -> items.addValues(value(item)));
            return Value.newBuilder().setListValue(items).build();
        }
        if (value instanceof Boolean truth) {
            return Value.newBuilder().setBoolValue(truth).build();
        }
        if (value instanceof Double number) {
            return number(number);
        }
        return value == null
                ? Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build()
                : text(value.toString());
    }

    /** Turns bytes that are not UTF-8 into question marks: a text of protocol buffers takes none. */
    private static Value text(String text) {
        String valid = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        return Value.newBuilder().setStringValue(valid).build();
    }

    private static Value number(double number) {
        return Value.newBuilder().setNumberValue(number).build();
    }
}
