package dev.weir.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A value in a YAML file and its place. Every {@code as...} answers null where the value is of another kind, after adding a
 * problem; so a reader goes on and finds the rest.
 */
public final class YamlValue {
    private final String file;
    private final Node node;
    private final Problems problems;

    YamlValue(String file, Node node, Problems problems) {
        this.file = file;
        this.node = node;
        this.problems = problems;
    }

    public Place place() {
        return node.getStartMark()
                .map(mark -> new Place(file, mark.getLine() + 1, mark.getColumn() + 1))
                .orElse(Place.of(file));
    }

    /** Adds a problem at this value's place: a value that the key does not take. */
    public void problem(String message) {
        problem(YamlRules.VALUE, message);
    }

    public void problem(Rule rule, String message) {
        problems.add(new Problem(place(), rule, message));
    }

    /** Whether this is a scalar that is not empty; no problem is added, whatever it is. So for the other two. */
    public boolean isText() {
        return node instanceof ScalarNode scalar && !scalar.getValue().isEmpty();
    }

    public boolean isList() {
        return node instanceof SequenceNode;
    }

    public boolean isMap() {
        return node instanceof MappingNode;
    }

    /** A scalar as it was written, without quotes; {@code true} and {@code 20} are texts as well. */
    public @Nullable String asText() {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
            return scalar.getValue();
        }
        problem(YamlRules.KIND, "expected a text here, found " + kind());
        return null;
    }

    public boolean isList() {
        return node instanceof SequenceNode;
    }

    public boolean isMap() {
        return node instanceof MappingNode;
    }

    public @Nullable List<YamlValue> asList() {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue().stream()
                    .map(item -> new YamlValue(file, item, problems))
                    .toList();
        }
        problem(YamlRules.KIND, "expected a list here, as in [a, b], found " + kind());
        return null;
    }

    public @Nullable YamlMap asMap() {
        if (!(node instanceof MappingNode mapping)) {
            problem(YamlRules.KIND, "expected `key: value` pairs here, found " + kind());
            return null;
        }
        Map<String, YamlMap.Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            YamlValue key = new YamlValue(file, tuple.getKeyNode(), problems);
            String name = key.asText();
            YamlValue value = new YamlValue(file, tuple.getValueNode(), problems);
            if (name != null && entries.putIfAbsent(name, new YamlMap.Entry(key, value)) != null) {
                key.problem(YamlRules.DUPLICATE_KEY, "`" + name + "` stands here a second time; remove one");
            }
        }
        return new YamlMap(this, entries);
    }

    /** Not the value itself: it may be a secret that somebody wrote in the wrong place. */
    private String kind() {
        if (isMap()) {
            return "`key: value` pairs";
        }
        if (isList()) {
            return "a list";
        }
        return isText() ? "a text" : "nothing";
    }
}
