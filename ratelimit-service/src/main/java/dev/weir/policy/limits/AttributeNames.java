package dev.weir.policy.limits;

import dev.weir.config.YamlValue;
import dev.weir.request.Attributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads names of attributes. */
final class AttributeNames {
    private AttributeNames() {}

    /** Reads a list of names; empty where there is no value, null where it is no list. A name that stands twice is a problem. */
    static @Nullable List<String> read(@Nullable YamlValue value) {
        if (value == null) {
            return List.of();
        }
        List<YamlValue> items = value.asList();
        if (items == null) {
            return null;
        }
        List<String> names = new ArrayList<>();
        for (YamlValue item : items) {
            String name = item.asText();
            if (name == null) {
                continue;
            }
            check(name, item);
            if (names.contains(name)) {
                item.problem(PolicyRules.ATTRIBUTE, "`" + name + "` stands in this list already; remove one");
            }
            names.add(name);
        }
        return names;
    }

    static void check(String name, YamlValue place) {
        if (name.startsWith(Attributes.RESERVED_PREFIX)) {
            place.problem(
                    PolicyRules.ATTRIBUTE,
                    "`" + name + "`: names that start with `" + Attributes.RESERVED_PREFIX
                            + "` steer Weir and cannot be limited; choose another attribute");
        }
    }
}
