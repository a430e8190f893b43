package dev.weir.policy.descriptors;

import dev.weir.config.Location;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads files in the dialect of envoyproxy/ratelimit. A key that no level knows is an error; one that belongs to another level has no
 * effect there or here, which is a warning.
 */
public final class DescriptorsReader {
    /** The key that makes a file one of this dialect. */
    public static final String MARK = "descriptors";

    private static final String ALL_OR_NOTHING = "all_or_nothing";
    private static final List<String> DESCRIPTOR = List.of(
            "key",
            "value",
            "rate_limit",
            MARK,
            "shadow_mode",
            "quota_mode",
            "detailed_metric",
            "value_to_metric",
            "share_threshold",
            "metadata");
    private static final List<String> LIMIT = List.of("unit", "requests_per_unit", "unlimited", "name", "replaces");
    private static final List<String> REPLACED = List.of("name");
    private static final List<String> FILE = List.of("domain", MARK, ALL_OR_NOTHING);
    private static final List<String> ALL = all();

    private DescriptorsReader() {}

    private static List<String> all() {
        List<String> all = new ArrayList<>(FILE);
        all.addAll(DESCRIPTOR);
        all.addAll(LIMIT);
        return all.stream().distinct().toList();
    }

    /** Reads the descriptors of one file. */
    public static List<DescriptorConfig> descriptors(YamlMap file) {
        checkKeys(file, FILE);
        Scalars.text(file, "domain");
        return read(file);
    }

    /** Reads {@code all_or_nothing}, Weir's own addition to the dialect. */
    public static boolean allOrNothing(YamlMap file) {
        return Scalars.flag(file, ALL_OR_NOTHING);
    }

    private static List<DescriptorConfig> read(YamlMap parent) {
        List<DescriptorConfig> descriptors = new ArrayList<>();
        for (YamlValue item : Scalars.items(parent, MARK)) {
            YamlMap fields = item.asMap();
            if (fields != null) {
                descriptors.add(descriptor(fields));
            }
        }
        return descriptors;
    }

    private static DescriptorConfig descriptor(YamlMap fields) {
        checkKeys(fields, DESCRIPTOR);
        YamlValue limit = fields.get("rate_limit");
        YamlMap limitFields = limit == null || limit.isNothing() ? null : limit.asMap();
        return new DescriptorConfig(
                Scalars.text(fields, "key"),
                Scalars.text(fields, "value"),
                limitFields == null ? null : limit(limitFields),
                read(fields),
                new DescriptorConfig.Flags(
                        Scalars.flag(fields, "shadow_mode"),
                        Scalars.flag(fields, "quota_mode"),
                        Scalars.flag(fields, "detailed_metric"),
                        Scalars.flag(fields, "value_to_metric"),
                        Scalars.flag(fields, "share_threshold")),
                MetadataReader.read(fields),
                places(fields));
    }

    private static DescriptorConfig.Limit limit(YamlMap fields) {
        checkKeys(fields, LIMIT);
        List<String> replaces = new ArrayList<>();
        for (YamlValue item : Scalars.items(fields, "replaces")) {
            YamlMap replaced = item.asMap();
            if (replaced != null) {
                checkKeys(replaced, REPLACED);
                replaces.add(Scalars.text(replaced, "name"));
            }
        }
        return new DescriptorConfig.Limit(
                Scalars.requests(fields, "requests_per_unit"),
                Scalars.text(fields, "unit"),
                Scalars.flag(fields, "unlimited"),
                Scalars.text(fields, "name"),
                replaces,
                places(fields));
    }

    private static Function<String, Location> places(YamlMap fields) {
        return key -> {
            YamlValue value = fields.get(key);
            return value == null ? fields.place() : value.place();
        };
    }

    private static void checkKeys(YamlMap fields, List<String> here) {
        fields.rejectUnknown(ALL, Map.of());
        fields.values().forEach((key, value) -> {
            if (ALL.contains(key) && !here.contains(key)) {
                value.problem(
                        DescriptorRules.MISPLACED_KEY,
                        "`" + key + "` has no effect here; known here: " + String.join(", ", here));
                checkWithin(key, value);
            }
        });
    }

    /** Rejects unknown keys below a key without effect, too, except in {@code metadata}, where every key is the writer's own. */
    private static void checkWithin(String key, YamlValue misplaced) {
        List<YamlValue> items = misplaced.isList() ? misplaced.asList() : null;
        for (YamlValue value : items == null ? List.of(misplaced) : items) {
            YamlMap fields = !key.equals("metadata") && value.isMap() ? value.asMap() : null;
            if (fields != null) {
                fields.rejectUnknown(ALL, Map.of());
                fields.values().forEach(DescriptorsReader::checkWithin);
            }
        }
    }
}
