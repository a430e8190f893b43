package dev.weir.config;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** A piece of YAML, as it was written at a place. */
sealed interface YamlNode {
    Location place();

    /** @param plain whether it stands without quotes */
    record Text(Location place, String text, boolean plain) implements YamlNode {
        private static final Set<String> NULLS = Set.of("~", "null", "Null", "NULL");

        /** Returns whether it is one of YAML's words for nothing. */
        boolean isNull() {
            return plain && NULLS.contains(text);
        }
    }

    record Items(Location place, List<YamlNode> items) implements YamlNode {}

    /** @param pairs by their keys, in the order they were written */
    record Pairs(Location place, Map<String, Pair> pairs) implements YamlNode {
        /** Returns whether they look like <code>{user}</code>, which is a key without a value to YAML. */
        boolean isTextInBraces() {
            return pairs.size() == 1
                    && pairs.values().iterator().next().value() instanceof Text text
                    && text.plain()
                    && text.text().isEmpty();
        }
    }

    record Pair(Text key, YamlNode value) {}

    /** A node that has a problem already, so that nobody needs to add another. */
    record Refused(Location place) implements YamlNode {}
}
