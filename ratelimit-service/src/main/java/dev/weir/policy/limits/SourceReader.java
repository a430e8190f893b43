package dev.weir.policy.limits;

import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.policy.Source;
import java.util.Map;

/** Reads where something stands, and {@code ignore}: the rules that lint does not apply to it, each with a reason. */
final class SourceReader {
    private SourceReader() {}

    static Source read(YamlMap fields) {
        YamlValue value = fields.get("ignore");
        YamlMap ignored = value == null ? null : value.asMap();
        return new Source(fields.place(), ignored == null ? Map.of() : ignored.asTexts());
    }
}
