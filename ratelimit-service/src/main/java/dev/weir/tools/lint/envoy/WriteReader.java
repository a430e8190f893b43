package dev.weir.tools.lint.envoy;

import dev.weir.tools.lint.envoy.Write.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads from the configurations of filters what they write into metadata. */
final class WriteReader {
    /** Filters that run somebody's code, by a part of their type. */
    private static final List<String> CODE =
            List.of(".ext_proc.", ".wasm.", ".golang.", ".dynamic_modules.", ".ai_protocol", ".mcp");

    private WriteReader() {}

    static List<Write> read(String type, EnvoyMessage block) {
        List<Write> writes = new ArrayList<>();
        if (type.endsWith(".JsonToMetadata")) {
            readRules(block.block("request_rules"), Source.REQUEST_BODY, "envoy.filters.http.json_to_metadata", writes);
            readRules(block.block("response_rules"), Source.RESPONSE, "envoy.filters.http.json_to_metadata", writes);
        } else if (type.endsWith(".header_to_metadata.v3.Config")) {
            block.blocks("request_rules")
                    .forEach(rule ->
                            readRule(rule, Source.REQUEST_HEADER, "envoy.filters.http.header_to_metadata", writes));
            block.blocks("response_rules")
                    .forEach(rule -> readRule(rule, Source.RESPONSE, "envoy.filters.http.header_to_metadata", writes));
        } else if (type.endsWith(".JsonContentParser")) {
            for (EnvoyMessage item : block.blocks("rules")) {
                EnvoyMessage rule = item.block("rule");
                if (rule != null) {
                    readRule(rule, Source.RESPONSE, "envoy.filters.http.sse_to_metadata", writes);
                }
            }
        } else if (type.endsWith(".set_metadata.v3.Config")) {
            Stream.concat(Stream.of(block), block.blocks("metadata").stream()).forEach(item -> readFixed(item, writes));
        }
        return writes;
    }

    private static void readRules(@Nullable EnvoyMessage rules, Source source, String namespace, List<Write> writes) {
        if (rules != null) {
            rules.blocks("rules").forEach(rule -> readRule(rule, source, namespace, writes));
        }
    }

    private static void readRule(EnvoyMessage rule, Source source, String namespace, List<Write> writes) {
        for (String on : List.of("on_present", "on_missing", "on_error")) {
            EnvoyMessage pair = rule.block(on);
            pair = pair == null ? rule.block(on.replace("on_", "on_header_")) : pair;
            if (pair != null) {
                MetadataKey key = new MetadataKey(pair.text("metadata_namespace", namespace), pair.text("key", ""));
                writes.add(new Write(pair, key, source, on, pair.text("type", "PROTOBUF_VALUE"), pair.text("value")));
            }
        }
    }

    private static void readFixed(EnvoyMessage item, List<Write> writes) {
        EnvoyMessage value = item.block("value");
        if (value != null) {
            String namespace = item.text("metadata_namespace", "");
            value.scalars()
                    .forEach((key, text) -> writes.add(new Write(
                            value,
                            new MetadataKey(namespace, key),
                            Source.CONFIGURATION,
                            "on_present",
                            "PROTOBUF_VALUE",
                            text)));
        }
    }

    /** Returns whether a filter may write what its configuration does not say. */
    static boolean isOpaque(String type, EnvoyMessage block) {
        if (type.endsWith(".lua.v3.Lua")) {
            EnvoyMessage source = block.block("default_source_code");
            String code = source == null ? block.text("inline_code") : source.text("inline_string");
            return code == null || code.contains(":set(");
        }
        boolean typedValue = type.endsWith(".set_metadata.v3.Config")
                && block.blocks("metadata").stream().anyMatch(item -> item.has("typed_value"));
        return typedValue || CODE.stream().anyMatch(type::contains);
    }
}
