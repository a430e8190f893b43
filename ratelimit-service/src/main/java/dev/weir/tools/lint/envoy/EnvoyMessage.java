package dev.weir.tools.lint.envoy;

import dev.weir.config.Location;
import dev.weir.config.Problem;
import dev.weir.config.Rule;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A message of Envoy's API as it stands in a file. Fields are asked for in snake_case and found in lowerCamelCase too, as Envoy
 * reads both. Missing fields, and those of another kind, are null: Envoy itself tells whether it takes the file.
 */
final class EnvoyMessage {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?s");

    private final String file;
    private final MappingNode node;

    EnvoyMessage(String file, MappingNode node) {
        this.file = file;
        this.node = node;
    }

    MappingNode node() {
        return node;
    }

    Location place() {
        return place(node);
    }

    /** Returns the place of the field's name, or of the whole block where the field is missing. */
    Location place(String field) {
        NodeTuple tuple = tuple(field);
        return tuple == null ? place() : place(tuple.getKeyNode());
    }

    private Location place(Node at) {
        return at.getStartMark()
                .map(mark -> new Location(file, mark.getLine() + 1, mark.getColumn() + 1))
                .orElse(Location.of(file));
    }

    /** Returns a problem of the block as a whole. */
    Problem problem(Rule rule, String message) {
        return new Problem(place(), rule, message);
    }

    /** Returns a problem at a field, or at the block where the field is missing. */
    Problem problem(String field, Rule rule, String message) {
        return new Problem(place(field), rule, message);
    }

    boolean has(String field) {
        return tuple(field) != null;
    }

    /** Returns the block at the end of the path. */
    @Nullable
    EnvoyMessage block(String... path) {
        EnvoyMessage block = this;
        for (String field : path) {
            if (!(block.value(field) instanceof MappingNode mapping)) {
                return null;
            }
            block = new EnvoyMessage(file, mapping);
        }
        return block;
    }

    /** Returns the blocks of a list, without the items that are none. */
    List<EnvoyMessage> blocks(String field) {
        if (!(value(field) instanceof SequenceNode sequence)) {
            return List.of();
        }
        return sequence.getValue().stream()
                .filter(MappingNode.class::isInstance)
                .map(item -> new EnvoyMessage(file, (MappingNode) item))
                .toList();
    }

    /** Returns a scalar as it was written; {@code true} and {@code 20} are texts as well. */
    @Nullable
    String text(String field) {
        return value(field) instanceof ScalarNode scalar ? scalar.getValue() : null;
    }

    String text(String field, String otherwise) {
        String text = text(field);
        return text == null || text.isEmpty() ? otherwise : text;
    }

    /** Returns the scalars of a list. */
    List<String> texts(String field) {
        if (!(value(field) instanceof SequenceNode sequence)) {
            return List.of();
        }
        return sequence.getValue().stream()
                .filter(ScalarNode.class::isInstance)
                .map(item -> ((ScalarNode) item).getValue())
                .toList();
    }

    boolean isTrue(String field) {
        return "true".equals(text(field));
    }

    /** Reads a duration such as {@code 1s} or {@code 0.25s}; null where it is no such text. */
    @Nullable
    Duration duration(String field) {
        String text = text(field);
        Matcher matcher = text == null ? null : DURATION.matcher(text);
        if (matcher == null || !matcher.matches()) {
            return null;
        }
        String fraction = matcher.group(2) == null ? "" : matcher.group(2);
        String nanos = (fraction + "000000000").substring(0, 9);
        return Duration.ofSeconds(Long.parseLong(matcher.group(1)), Long.parseLong(nanos));
    }

    /** Returns the fields of a map, whose keys are data, by their names in the file, with null for those that are no scalars. */
    Map<String, @Nullable String> scalars() {
        Map<String, @Nullable String> scalars = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key) {
                scalars.put(key.getValue(), tuple.getValueNode() instanceof ScalarNode value ? value.getValue() : null);
            }
        }
        return scalars;
    }

    private @Nullable Node value(String field) {
        NodeTuple tuple = tuple(field);
        return tuple == null ? null : tuple.getValueNode();
    }

    private @Nullable NodeTuple tuple(String field) {
        for (NodeTuple tuple : node.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key && names(key.getValue(), field)) {
                return tuple;
            }
        }
        return null;
    }

    /** Returns whether the key is the field's name, or the JSON name that protobuf derives from it. */
    private static boolean names(String key, String field) {
        return key.equals(field) || (field.length() > key.length() && namesInCamelCase(key, field));
    }

    private static boolean namesInCamelCase(String key, String field) {
        int at = 0;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '_' && i + 1 < field.length()) {
                i++;
                c = Character.toUpperCase(field.charAt(i));
            }
            if (at == key.length() || key.charAt(at) != c) {
                return false;
            }
            at++;
        }
        return at == key.length();
    }
}
