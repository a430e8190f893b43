package dev.weir.decide;

import dev.weir.bucket.Settled;
import dev.weir.identity.Identification;
import dev.weir.request.Request;
import java.util.List;
import java.util.function.Consumer;

/**
 * Learns of everything that happens to calls; each listener takes what concerns it, see {@link Event}. It is called on the hot path, so it
 * must return at once and never throw.
 */
public interface DecisionListener extends Consumer<Event> {
    /** Returns a consumer that passes an event to all listeners, in their order. */
    static Consumer<Event> all(List<? extends DecisionListener> listeners) {
        DecisionListener[] each = listeners.toArray(DecisionListener[]::new);
        return event -> {
            for (DecisionListener listener : each) {
                event.tell(listener);
            }
        };
    }

    @Override
    default void accept(Event event) {
        event.tell(this);
    }

    default void decided(Request request, Decision decision, long nanos) {}

    default void settled(String domain, Settled settled) {}

    default void released(String domain, boolean late) {}

    default void renewed(String domain, boolean known) {}

    default void vacated(String domain) {}

    default void answeredLate(String domain) {}

    default void rejected(String problem) {}

    default void failed(String domain, Throwable cause, long nanos) {}

    default void identified(Identification identification) {}
}
