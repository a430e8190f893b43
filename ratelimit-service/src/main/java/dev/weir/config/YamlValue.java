package dev.weir.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value in a YAML file and its place. Every {@code as...} returns null where the value is of another kind, after adding a
 * problem, so that a reader can go on and find the rest.
 */
public final class YamlValue {
    private static final String TEXT = "a text";
    private static final String LIST = "a list";
    private static final String PAIRS = "`key: value` pairs";

    private final YamlNode node;
    private final Problems problems;

    YamlValue(YamlNode node, Problems problems) {
        this.node = node;
        this.problems = problems;
    }

    public Location place() {
        return node.place();
    }

    /** Adds a problem at this value's place: a value that the key does not take. */
    public void problem(String message) {
        problem(YamlRules.VALUE, message);
    }

    public void problem(Rule rule, String message) {
        problems.add(new Problem(place(), rule, message));
    }

    /** Returns whether {@link #asText} would return a text, without adding a problem. The other two are alike. */
    public boolean isText() {
        return node instanceof YamlNode.Text text && !text.text().isEmpty() && !text.isNull();
    }

    public boolean isList() {
        return node instanceof YamlNode.Items;
    }

    public boolean isMap() {
        return node instanceof YamlNode.Pairs;
    }

    /** Returns whether it stands there without quotes, so that YAML may take it for a number, for true or false, or for nothing. */
    public boolean isPlain() {
        return node instanceof YamlNode.Text text && text.plain();
    }

    /** Returns whether it is one of YAML's words for nothing, or nothing is written. */
    public boolean isNothing() {
        return node instanceof YamlNode.Text text
                && (text.isNull() || (text.plain() && text.text().isEmpty()));
    }

    /** Returns the text, which may be empty; empty as well where it is no text, without a problem. */
    public String textOrEmpty() {
        return node instanceof YamlNode.Text text && !text.isNull() ? text.text() : "";
    }

    /** Returns a scalar as it was written, without quotes; {@code true} and {@code 20} are texts as well. */
    public @Nullable String asText() {
        if (node instanceof YamlNode.Text text && isText()) {
            return text.text();
        }
        expected(TEXT);
        return null;
    }

    public @Nullable List<YamlValue> asList() {
        if (node instanceof YamlNode.Items list) {
            return list.items().stream()
                    .map(item -> new YamlValue(item, problems))
                    .toList();
        }
        expected(LIST);
        return null;
    }

    public @Nullable YamlMap asMap() {
        if (node instanceof YamlNode.Pairs map) {
            return new YamlMap(this, map.pairs(), problems);
        }
        expected(PAIRS);
        return null;
    }

    private void expected(String kind) {
        if (!(node instanceof YamlNode.Refused)) {
            problem(
                    YamlRules.KIND,
                    "expected " + kind + " here, " + (kind.equals(LIST) ? "as in [a, b], " : "") + "found "
                            + found(kind));
        }
    }

    /** Names the kind of the value and not the value itself: it may be a secret that somebody wrote in the wrong place. */
    private String found(String expected) {
        if (node instanceof YamlNode.Pairs map) {
            return PAIRS + (map.isTextInBraces() ? "; if the braces belong to a text, put it in quotes" : "");
        }
        if (!(node instanceof YamlNode.Text text)) {
            return LIST;
        }
        if (text.isNull() && expected.equals(TEXT)) {
            return "`" + text.text() + "`, which is nothing; put it in quotes if it is meant as a text";
        }
        if (text.isNull() || text.text().isEmpty()) {
            return "nothing; write one, or leave it out";
        }
        boolean glued = text.plain() && text.text().matches("[\\w.-]+:\\S.*") && expected.equals(PAIRS);
        return TEXT + (glued ? "; is a space missing after its `:`?" : "");
    }
}
