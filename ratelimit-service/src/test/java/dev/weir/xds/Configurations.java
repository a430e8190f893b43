package dev.weir.xds;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weir.wire.config.RateLimitConfig;
import dev.weir.wire.config.RateLimitDescriptor;
import dev.weir.wire.config.RateLimitPolicy;
import dev.weir.wire.config.RateLimitReplace;
import dev.weir.wire.config.RateLimitUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Messages for tests, written as files are. */
final class Configurations {
    private Configurations() {}

    /** The name is the domain's, as Envoy Gateway has it. */
    static RateLimitConfig of(String yaml) {
        Map<?, ?> file = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
        String domain = text(file, "domain");
        return RateLimitConfig.newBuilder()
                .setName(domain)
                .setDomain(domain)
                .addAllDescriptors(descriptors(file))
                .build();
    }

    /** One that allows so many requests a minute for each user. */
    static RateLimitConfig perUser(String domain, int requests) {
        return of("""
                domain: %s
                descriptors:
                  - key: user
                    rate_limit: {unit: minute, requests_per_unit: %d}
                """.formatted(domain, requests));
    }

    private static List<RateLimitDescriptor> descriptors(Map<?, ?> parent) {
        return items(parent, "descriptors").stream()
                .map(item -> descriptor((Map<?, ?>) item))
                .toList();
    }

    private static List<?> items(Map<?, ?> parent, String key) {
        return parent.get(key) == null ? List.of() : (List<?>) parent.get(key);
    }

    private static RateLimitDescriptor descriptor(Map<?, ?> fields) {
        RateLimitDescriptor.Builder descriptor = RateLimitDescriptor.newBuilder()
                .setKey(text(fields, "key"))
                .setValue(text(fields, "value"))
                .setShadowMode(fields.get("shadow_mode") == Boolean.TRUE)
                .setQuotaMode(fields.get("quota_mode") == Boolean.TRUE)
                .setDetailedMetric(fields.get("detailed_metric") == Boolean.TRUE)
                .addAllDescriptors(descriptors(fields));
        if (fields.get("rate_limit") != null) {
            descriptor.setRateLimit(limit((Map<?, ?>) fields.get("rate_limit")));
        }
        if (fields.get("metadata") != null) {
            descriptor.setMetadata(value(fields.get("metadata")).getStructValue());
        }
        return descriptor.build();
    }

    private static RateLimitPolicy limit(Map<?, ?> fields) {
        RateLimitPolicy.Builder limit = RateLimitPolicy.newBuilder()
                .setUnlimited(fields.get("unlimited") == Boolean.TRUE)
                .setName(text(fields, "name"));
        if (fields.get("unit") != null) {
            limit.setUnit(RateLimitUnit.valueOf(text(fields, "unit").toUpperCase(Locale.ROOT)));
        }
        if (fields.get("requests_per_unit") != null) {
            limit.setRequestsPerUnit(((Number) fields.get("requests_per_unit")).intValue());
        }
        items(fields, "replaces")
                .forEach(item ->
                        limit.addReplaces(RateLimitReplace.newBuilder().setName(text((Map<?, ?>) item, "name"))));
        return limit.build();
    }

    private static String text(Map<?, ?> fields, String key) {
        return fields.get(key) == null ? "" : String.valueOf(fields.get(key));
    }

    static Value value(Object json) {
        if (json instanceof Map<?, ?> map) {
            Struct.Builder struct = Struct.newBuilder();
            map.forEach((key, value) -> struct.putFields(String.valueOf(key), value(value)));
            return Value.newBuilder().setStructValue(struct).build();
        }
        if (json instanceof List<?> list) {
            ListValue.Builder values = ListValue.newBuilder();
            list.forEach(item -> values.addValues(value(item)));
            return Value.newBuilder().setListValue(values).build();
        }
        if (json instanceof Boolean truth) {
            return Value.newBuilder().setBoolValue(truth).build();
        }
        if (json instanceof Number number) {
            return Value.newBuilder().setNumberValue(number.doubleValue()).build();
        }
        return json == null
                ? Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build()
                : Value.newBuilder().setStringValue(String.valueOf(json)).build();
    }
}
