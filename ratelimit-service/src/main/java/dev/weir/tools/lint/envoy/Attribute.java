package dev.weir.tools.lint.envoy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a descriptor, and the Envoy action that makes it.
 *
 * @param action the action's name, such as {@code request_headers}
 * @param fields the action's own fields
 * @param fixed its value where the configuration says it; null where it comes from the request
 * @param optional whether the descriptor is sent without it where its source is missing; otherwise it is not sent at all
 */
record Attribute(
        String name,
        String action,
        EnvoyMessage fields,
        @Nullable String fixed,
        boolean optional) {
    /** Actions whose configuration names the entry, each with the name if that is left out; "" where it may not be left out. */
    private static final Map<String, String> NAMED = Map.of(
            "request_headers", "",
            "query_parameters", "",
            "dynamic_metadata", "",
            "metadata", "",
            "generic_key", "generic_key",
            "header_value_match", "header_match",
            "query_parameter_value_match", "query_match");

    private static final List<String> NAMED_AFTER_THEMSELVES =
            List.of("source_cluster", "destination_cluster", "remote_address", "masked_remote_address");

    /** Returns the entry that an action makes, or null where it depends on an extension or on a newer Envoy. */
    static @Nullable Attribute of(EnvoyMessage item) {
        for (String action : NAMED_AFTER_THEMSELVES) {
            EnvoyMessage fields = item.block(action);
            if (fields != null) {
                return new Attribute(action, action, fields, null, false);
            }
        }
        for (Map.Entry<String, String> named : NAMED.entrySet()) {
            EnvoyMessage fields = item.block(named.getKey());
            if (fields != null) {
                String name = fields.text("descriptor_key", named.getValue());
                return new Attribute(name, named.getKey(), fields, fixed(fields), fields.isTrue("skip_if_absent"));
            }
        }
        return null;
    }

    private static @Nullable String fixed(EnvoyMessage fields) {
        String value = fields.text("descriptor_value");
        return value == null || value.contains("%") ? null : value;
    }

    /** Returns whether it is read from metadata that filters write while the request is under way. */
    boolean readsMetadata() {
        return action.equals("dynamic_metadata")
                || (action.equals("metadata") && !fields.text("source", "").equals("ROUTE_ENTRY"));
    }

    /** Returns where in the metadata its value stands; null where it does not come from there. */
    @Nullable
    MetadataKey metadataKey() {
        EnvoyMessage key = readsMetadata() ? fields.block("metadata_key") : null;
        if (key == null) {
            return null;
        }
        List<EnvoyMessage> path = key.blocks("path");
        return new MetadataKey(
                key.text("key", ""), path.isEmpty() ? "" : path.get(0).text("key", ""));
    }
}
