package dev.weir.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;

/** Builds the nodes of a document, within bounds, and refuses YAML that hides the meaning of a file. */
final class YamlTree {
    static final String ALIAS = "a `*` here makes this an alias; write the value out, or put the text in quotes";
    static final String ANCHOR = "a `&` here makes this an anchor; remove it, or put the text in quotes";
    static final String TAG = "a `!` here makes this a tag; remove it, or put the text in quotes";
    static final String DIRECTIVE = "a line that starts with `%` is a directive, which Weir does not follow; remove it";
    static final String SECOND = "a second document starts here; put it into a file of its own";

    private static final int MAX_LEVELS = 64;
    private static final int MAX_VALUES = 500_000;
    private static final int MAX_TEXT = 4_096;

    private final YamlSource source;
    private final YamlTrail trail;
    private final Problems problems;
    private int values;
    private @Nullable Location lastRefused;

    YamlTree(YamlSource source, YamlTrail trail, Problems problems) {
        this.source = source;
        this.trail = trail;
        this.problems = problems;
    }

    /**
     * Reads the node of the only document; null where there is none.
     *
     * @throws ConfigException if there is no use in reading on
     */
    @Nullable
    YamlNode read() throws ConfigException {
        trail.next(); // the start of the stream
        if (!(trail.next() instanceof DocumentStartEvent)) {
            return null;
        }
        YamlNode root = node(trail.next(), 1);
        trail.next(); // the end of the document
        Event after = trail.next();
        if (after instanceof DocumentStartEvent) {
            throw end(source.place(after.getStartMark()), SECOND);
        }
        return root;
    }

    private YamlNode node(Event event, int level) throws ConfigException {
        Location place = source.place(event.getStartMark());
        values++;
        if (values > MAX_VALUES) {
            throw end(place, "more than 500,000 values stand up to here; split the file into several");
        }
        if (event instanceof AliasEvent) {
            return refused(place, ALIAS);
        }
        reject(((NodeEvent) event).getAnchor(), place, ANCHOR);
        if (event instanceof ScalarEvent scalar) {
            return text(place, scalar);
        }
        reject(((CollectionStartEvent) event).getTag(), place, TAG);
        if (level > MAX_LEVELS) {
            throw end(place, "is nested more than 64 levels deep; write it flatter");
        }
        return event instanceof SequenceStartEvent ? items(place, level) : pairs(place, level);
    }

    private YamlNode text(Location place, ScalarEvent scalar) {
        reject(scalar.getTag(), place, TAG);
        String text = scalar.getValue();
        if (text.length() > MAX_TEXT) {
            return refused(place, "a text of " + text.length() + " characters; write at most 4,096");
        }
        if (place.equals(lastRefused) && text.isEmpty()) {
            return new YamlNode.Refused(place);
        }
        boolean halved = text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE);
        return halved
                ? refused(place, "the escape of half a character is no text; write the character itself")
                : new YamlNode.Text(place, text, scalar.isPlain());
    }

    private YamlNode items(Location place, int level) throws ConfigException {
        List<YamlNode> items = new ArrayList<>();
        for (Event event = trail.next(); !(event instanceof SequenceEndEvent); event = trail.next()) {
            items.add(node(event, level + 1));
        }
        return new YamlNode.Items(place, items);
    }

    private YamlNode pairs(Location place, int level) throws ConfigException {
        Map<String, YamlNode.Pair> pairs = new LinkedHashMap<>();
        for (Event event = trail.next(); !(event instanceof MappingEndEvent); event = trail.next()) {
            YamlNode key = node(event, level + 1);
            YamlNode value = node(trail.next(), level + 1);
            if (key instanceof YamlNode.Text name && isKey(name)) {
                if (pairs.putIfAbsent(name.text(), new YamlNode.Pair(name, value)) != null) {
                    String message = "`" + name.text() + "` stands here a second time; remove one";
                    problems.add(new Problem(key.place(), YamlRules.DUPLICATE_KEY, message));
                }
            } else if (!(key instanceof YamlNode.Text || key instanceof YamlNode.Refused)) {
                refused(key.place(), "a key must be a text; if braces or brackets belong to a text, put it in quotes");
            }
        }
        return new YamlNode.Pairs(place, pairs);
    }

    private boolean isKey(YamlNode.Text key) {
        if (key.text().isEmpty()) {
            refused(key.place(), "a key is missing here; write one before the `:`");
        } else if (key.plain() && key.text().equals("<<")) {
            refused(key.place(), "`<<` is a merge key, which Weir does not follow; write the pairs out");
        } else if (key.isNull()) {
            refused(key.place(), "`" + key.text() + "` is YAML's word for nothing and no key; put it in quotes");
        } else {
            return true;
        }
        return false;
    }

    private void reject(Optional<?> written, Location place, String message) {
        if (written.isPresent()) {
            refused(place, message);
        }
    }

    private YamlNode refused(Location place, String message) {
        if (!place.equals(lastRefused)) {
            problems.add(new Problem(place, YamlRules.SYNTAX, message));
            lastRefused = place;
        }
        return new YamlNode.Refused(place);
    }

    private static ConfigException end(Location place, String message) {
        return new ConfigException(List.of(new Problem(place, YamlRules.SYNTAX, message)));
    }
}
