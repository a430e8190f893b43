package dev.weir.tools.lint.envoy;

import dev.weir.request.ReservedNames;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One item of {@code rate_limits}: the descriptor that Envoy makes from a request.
 *
 * @param attributes in the order of the actions
 * @param open whether it has entries that cannot be known from the file
 */
record Entry(EnvoyMessage block, List<Attribute> attributes, boolean open) {
    static Entry of(EnvoyMessage block) {
        List<Attribute> attributes = new ArrayList<>();
        boolean open = false;
        for (EnvoyMessage action : block.blocks("actions")) {
            Attribute attribute = Attribute.of(action);
            if (attribute == null) {
                open = true;
            } else {
                attributes.add(attribute);
            }
        }
        return new Entry(block, List.copyOf(attributes), open);
    }

    static List<Entry> listOf(EnvoyMessage parent) {
        return parent.blocks("rate_limits").stream()
                .filter(item -> item.has("actions"))
                .map(Entry::of)
                .toList();
    }

    /** Returns the attribute of a name, the first of two, as Weir reads them; null where there is none. */
    @Nullable
    Attribute attribute(String name) {
        return attributes.stream()
                .filter(attribute -> attribute.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Returns the names in the order of the actions. */
    List<String> names() {
        return attributes.stream().map(Attribute::name).distinct().toList();
    }

    boolean onStreamDone() {
        return block.isTrue("apply_on_stream_done");
    }

    /** Returns whether it reports the end of a request, rather than asking for room. */
    boolean isReport() {
        return attribute(ReservedNames.RESERVATION) != null || attribute(ReservedNames.EVENT) != null;
    }

    /** Returns {@code settle}, {@code release} or whatever stands there; null where nothing fixed does. */
    @Nullable
    String event() {
        Attribute event = attribute(ReservedNames.EVENT);
        return event == null ? null : event.fixed();
    }

    boolean reports(String event) {
        return onStreamDone() && attribute(ReservedNames.RESERVATION) != null && event.equals(event());
    }

    /** Returns whether it brings a limit along, which replaces the policy's. */
    boolean hasOwnLimit() {
        return block.has("limit");
    }

    int stage() {
        return stage(block);
    }

    /** Returns the stage; a filter takes the items of routes that have the same one. */
    static int stage(EnvoyMessage block) {
        String stage = block.text("stage", "0");
        return stage.matches("[0-9]{1,2}") ? Integer.parseInt(stage) : 0;
    }
}
