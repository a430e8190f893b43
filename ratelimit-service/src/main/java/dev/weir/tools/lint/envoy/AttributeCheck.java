package dev.weir.tools.lint.envoy;

import dev.weir.config.Problems;
import dev.weir.request.Attributes;
import dev.weir.request.ReservedNames;
import java.util.List;

/** Checks whether the entries of descriptors can carry what they should. */
final class AttributeCheck {
    private final Problems problems;

    AttributeCheck(Problems problems) {
        this.problems = problems;
    }

    void check(EnvoyFile file) {
        for (Chain chain : file.chains()) {
            chain.atRoutes().forEach(items -> items.forEach(this::checkHits));
            for (Chain.Call call : chain.calls()) {
                call.entries().forEach(entry -> checkSources(entry, file, chain.metadata()));
            }
        }
    }

    private void checkHits(Entry entry) {
        String field = entry.block().has("is_negative_hits") ? "is_negative_hits" : "hits_addend";
        if (entry.block().has(field)) {
            problems.add(entry.block()
                    .problem(
                            field,
                            EnvoyRules.IGNORED_HITS,
                            "Envoy ignores `" + field
                                    + "` in a route or a virtual host; move this item to the `rate_limits` of"
                                    + " the filter, or of a RateLimitPerRoute"));
        }
    }

    private void checkSources(Entry entry, EnvoyFile file, Metadata metadata) {
        for (Attribute attribute : entry.attributes()) {
            String value = attribute.fields().text("descriptor_value", "");
            if (value.contains("%") && Boolean.FALSE.equals(file.formatsValues())) {
                problems.add(
                        attribute
                                .fields()
                                .problem(
                                        "descriptor_value",
                                        EnvoyRules.FORMATTER_FLAG,
                                        "`" + attribute.name() + "` is sent as the literal text `" + value
                                                + "`; set the runtime flag"
                                                + " envoy.reloadable_features.enable_formatter_for_ratelimit_action_descriptor_value"));
            }
            MetadataKey key = attribute.metadataKey();
            // Weir itself writes the reservation.
            if (key != null && !attribute.name().equals(ReservedNames.RESERVATION)) {
                checkWritten(attribute, key, metadata);
            }
        }
    }

    private void checkWritten(Attribute attribute, MetadataKey key, Metadata metadata) {
        if (metadata.neverHas(key)) {
            problems.add(attribute
                    .fields()
                    .problem(
                            "metadata_key",
                            EnvoyRules.UNWRITTEN_METADATA,
                            "no filter here writes `" + key + "`, which `" + attribute.name()
                                    + "` is read from; correct the name, or add the filter that writes it"));
        }
        List<Write> present = metadata.of(key).stream()
                .filter(write -> write.on().equals("on_present") && write.value() == null)
                .toList();
        // A JSON number stays one unless the rule says otherwise, and what clients say about tokens is always one.
        boolean number = Attributes.isAboutTokens(attribute.name());
        present.stream()
                .filter(write -> write.type().equals("NUMBER")
                        || (number && !write.type().equals("STRING")))
                .filter(write ->
                        present.stream().noneMatch(other -> other.type().equals("STRING")))
                .forEach(write -> problems.add(write.block()
                        .problem(
                                EnvoyRules.NUMBER_METADATA,
                                "`" + key + "` is written as a number, and descriptors take texts only: `"
                                        + attribute.name() + "` is always missing; add `type: STRING`")));
    }
}
