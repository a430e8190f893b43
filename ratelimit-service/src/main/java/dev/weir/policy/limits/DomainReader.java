package dev.weir.policy.limits;

import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Overload;
import dev.weir.policy.Settings;
import dev.weir.policy.Tier;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one domain, from however many files: limits from all of them, each setting from one. */
public final class DomainReader {
    public static final List<String> KEYS =
            List.of("domain", "time_zone", "tiers", "answers", "admit", "overload", "metrics", "ignore", "limits");
    private static final List<String> SETTINGS =
            List.of("time_zone", "tiers", "answers", "admit", "overload", "metrics", "ignore");
    private static final Pattern TIER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private final String name;
    private final List<YamlMap> files;
    /** The file that has each setting. */
    private final Map<String, YamlMap> settled = new LinkedHashMap<>();

    private DomainReader(String name, List<YamlMap> files) {
        this.name = name;
        this.files = files;
    }

    public static Domain read(String name, String version, List<YamlMap> files) {
        return new DomainReader(name, files).read(version);
    }

    private Domain read(String version) {
        SETTINGS.forEach(this::settle);
        ZoneId zone = readZone(setting("time_zone"));
        List<Tier> tiers = readTiers(setting("tiers"));
        YamlMap admits = settled.get("admit");
        List<String> metrics = AttributeNames.read(setting("metrics"));
        Settings settings = new Settings(
                AnswerReader.answers(setting("answers")),
                admits != null && admits.flag("admit", false),
                metrics == null ? List.of() : metrics,
                AnswerReader.word(setting("overload"), "overload", Overload.values(), Overload.ERROR),
                Map.of());
        List<Limit> limits = readLimits(new LimitReader(name, zone, tiers));
        return new Domain(
                name,
                version,
                inOrder(limits),
                settings,
                SourceReader.read(settled.getOrDefault("ignore", files.get(0))));
    }

    private void settle(String key) {
        for (YamlMap file : files) {
            YamlValue value = file.get(key);
            YamlMap other = value == null ? null : settled.putIfAbsent(key, file);
            if (value != null && other != null) {
                value.problem(
                        PolicyRules.DOMAIN,
                        "`" + key + "` of the domain `" + name + "` stands in "
                                + other.place().file() + " already; keep one of them");
            }
        }
    }

    private @Nullable YamlValue setting(String key) {
        YamlMap file = settled.get(key);
        return file == null ? null : file.get(key);
    }

    private static ZoneId readZone(@Nullable YamlValue value) {
        String zone = value == null ? null : value.asText();
        if (value == null || zone == null) {
            return ZoneOffset.UTC;
        }
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException e) {
            value.problem("unknown time zone `" + zone + "`; write for example Europe/Berlin");
            return ZoneOffset.UTC;
        }
    }

    private static List<Tier> readTiers(@Nullable YamlValue value) {
        List<YamlValue> items = value == null ? null : value.asList();
        if (value == null || items == null) {
            return Tier.inOrder(Tier.WORDS);
        }
        List<String> words = new ArrayList<>();
        for (YamlValue item : items) {
            String word = item.asText();
            if (word != null && words.contains(word)) {
                item.problem(PolicyRules.TIER, "`" + word + "` stands in this list already; remove one");
            } else if (word != null && !TIER.matcher(word).matches()) {
                item.problem(
                        PolicyRules.TIER,
                        "`" + word + "`: a tier has letters, digits, dots, dashes and underscores only;"
                                + " it goes into headers and metrics");
            } else if (word != null) {
                words.add(word);
            }
        }
        if (items.isEmpty()) {
            value.problem(
                    PolicyRules.TIER, "an order without tiers has no place for a limit; add them, or remove `tiers`");
        }
        return Tier.inOrder(words);
    }

    private List<Limit> readLimits(LimitReader reader) {
        List<Limit> limits = new ArrayList<>();
        for (YamlMap file : files) {
            YamlValue list = file.require("limits", "[]");
            List<YamlValue> items = list == null ? null : list.asList();
            if (list != null && items != null && items.isEmpty()) {
                list.problem(PolicyRules.DOMAIN, "a domain without limits would let everything pass; add a limit");
            }
            for (YamlValue item : items == null ? List.<YamlValue>of() : items) {
                YamlMap fields = item.asMap();
                Limit limit = fields == null ? null : reader.read(fields);
                if (limit != null) {
                    limits.add(limit);
                }
            }
        }
        return limits;
    }

    private static List<Limit> inOrder(List<Limit> read) {
        List<Limit> sorted = new ArrayList<>(read);
        sorted.sort(Comparator.comparing(Limit::tier));
        for (int order = 0; order < sorted.size(); order++) {
            sorted.set(order, sorted.get(order).inPlace(order));
        }
        return sorted;
    }
}
