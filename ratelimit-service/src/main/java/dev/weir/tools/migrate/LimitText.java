package dev.weir.tools.migrate;

import dev.weir.policy.DescriptorNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes one limit. */
final class LimitText {
    private LimitText() {}

    static void append(Draft draft, StringBuilder text) {
        draft.differs().forEach(differs -> comment("differs: " + differs, text));
        draft.notes().forEach(note -> comment("note: " + note, text));
        for (Level level : draft.route().levels()) {
            if (level.node().valueToMetric()) {
                comment(
                        "note: `value_to_metric` is lost: name " + Text.quoted(level.key())
                                + " in the domain's `metrics`",
                        text);
            }
        }
        String dash = "- ";
        for (String line : lines(draft)) {
            text.append(draft.leftOut() ? "  # " : "  ")
                    .append(dash)
                    .append(line)
                    .append('\n');
            dash = "  ";
        }
    }

    private static void comment(String words, StringBuilder text) {
        text.append("  # ").append(words).append('\n');
    }

    private static List<String> lines(Draft draft) {
        Route route = draft.route();
        List<String> lines = new ArrayList<>();
        lines.add("name: " + Text.quoted(draft.name()));
        lines.add("tier: " + draft.tier());
        List<String> per = route.levels().stream()
                .filter(level -> !level.isShared())
                .map(level -> Text.quoted(level.key()))
                .toList();
        if (!per.isEmpty()) {
            lines.add("per: [" + String.join(", ", per) + "]");
        }
        Map<String, String> when = when(route);
        if (!when.isEmpty()) {
            lines.add("when:");
            when.forEach((key, values) -> lines.add("  " + key + ": " + values));
        }
        lines.add("allow: " + route.limit().allow());
        if (!route.limit().allow().unlimited()) {
            lines.add("algorithm: fixed_window");
        }
        if (route.isShadow()) {
            lines.add("mode: shadow");
        }
        if (draft.isDefault()) {
            lines.add("default: true");
        }
        return lines;
    }

    private static Map<String, String> when(Route route) {
        Map<String, String> when = new LinkedHashMap<>();
        for (Level level : route.levels()) {
            String key = Text.quoted(level.key());
            if (!level.isAny()) {
                when.put(key, Text.quoted(level.node().value()));
            } else if (!level.beside().isEmpty()) {
                when.put(
                        key,
                        level.beside().stream()
                                .map(DescriptorNode::value)
                                .map(Text::quoted)
                                .collect(Collectors.joining(", ", "{not: [", "]}")));
            }
        }
        return when;
    }
}
