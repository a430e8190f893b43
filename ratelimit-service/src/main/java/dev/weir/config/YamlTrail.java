package dev.weir.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;

/** Hands out the parser's events, and remembers what came before it stumbled. */
final class YamlTrail {
    private final Iterator<Event> events;
    private final Deque<CollectionStartEvent> open = new ArrayDeque<>();
    private @Nullable Event last;
    private @Nullable NodeEvent root;

    YamlTrail(String text) {
        // One buffer for the whole text. With smaller ones the parser copies all that it looks ahead at for every
        // next piece, which takes minutes for a long enough line.
        LoadSettings settings = LoadSettings.builder()
                .setBufferSize(text.length() + 1)
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    Event next() {
        Event event = events.next();
        last = event;
        if (root == null && event instanceof NodeEvent node) {
            root = node;
        }
        if (event instanceof CollectionStartEvent start) {
            open.push(start);
        } else if (event instanceof CollectionEndEvent) {
            open.pop();
        }
        return event;
    }

    Optional<Event> last() {
        return Optional.ofNullable(last);
    }

    /** Returns the end of what has been read. */
    Location reached(YamlSource source) {
        return source.place(last().flatMap(Event::getEndMark));
    }

    /** Returns the event that the document starts with. */
    Optional<NodeEvent> root() {
        return Optional.ofNullable(root);
    }

    /** Returns the innermost {@code [} or <code>{</code> that is not closed. */
    Optional<CollectionStartEvent> openBracket() {
        return Optional.ofNullable(open.peek()).filter(CollectionStartEvent::isFlow);
    }
}
