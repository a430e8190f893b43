package dev.weir.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code key: value} pairs of a YAML mapping, in the order they were written. */
public final class YamlMap {
    private final YamlValue place;
    private final Map<String, YamlNode.Pair> pairs;
    private final Problems problems;

    YamlMap(YamlValue place, Map<String, YamlNode.Pair> pairs, Problems problems) {
        this.place = place;
        this.pairs = pairs;
        this.problems = problems;
    }

    /** Adds a problem at the place where the mapping starts. */
    public void problem(Rule rule, String message) {
        place.problem(rule, message);
    }

    public void problem(String message) {
        place.problem(message);
    }

    public Location place() {
        return place.place();
    }

    public @Nullable YamlValue get(String key) {
        YamlNode.Pair pair = pairs.get(key);
        return pair == null ? null : new YamlValue(pair.value(), problems);
    }

    /** Returns the value of a key that must be there; where it is not, a problem shows {@code example}. */
    public @Nullable YamlValue require(String key, String example) {
        YamlValue value = get(key);
        if (value == null) {
            place.problem(
                    YamlRules.MISSING_KEY, "`" + key + "` is missing; add for example `" + key + ": " + example + "`");
        }
        return value;
    }

    public @Nullable String requireText(String key, String example) {
        YamlValue value = require(key, example);
        return value == null ? null : value.asText();
    }

    public @Nullable String text(String key) {
        YamlValue value = get(key);
        return value == null ? null : value.asText();
    }

    /** Reads a flag; anything but {@code true} and {@code false} is a problem. */
    public boolean flag(String key, boolean otherwise) {
        YamlValue value = get(key);
        String text = value == null ? Boolean.toString(otherwise) : value.asText();
        if (value != null && text != null && !text.equals("true") && !text.equals("false")) {
            value.problem("`" + text + "` is neither true nor false");
        }
        return "true".equals(text);
    }

    /** Returns all values by their keys, for mappings whose keys are the writer's own. */
    public Map<String, YamlValue> values() {
        Map<String, YamlValue> values = new LinkedHashMap<>();
        pairs.forEach((key, pair) -> values.put(key, new YamlValue(pair.value(), problems)));
        return values;
    }

    /** Returns all pairs as texts, for mappings whose keys are the writer's own. */
    public Map<String, String> asTexts() {
        Map<String, String> texts = new LinkedHashMap<>();
        pairs.forEach((key, pair) -> {
            String text = new YamlValue(pair.value(), problems).asText();
            if (text != null) {
                texts.put(key, text);
            }
        });
        return texts;
    }

    /**
     * Adds a problem for every key that is not {@code known}.
     *
     * @param rejected keys that a writer may well expect to work, with why they do not and what to do
     */
    public void rejectUnknown(List<String> known, Map<String, String> rejected) {
        pairs.forEach((key, pair) -> {
            YamlValue written = new YamlValue(pair.key(), problems);
            if (rejected.containsKey(key)) {
                written.problem(YamlRules.UNKNOWN_KEY, "`" + key + "` " + rejected.get(key));
            } else if (!known.contains(key)) {
                written.problem(YamlRules.UNKNOWN_KEY, Spelling.unknown("key", key, known));
            }
        });
    }
}
