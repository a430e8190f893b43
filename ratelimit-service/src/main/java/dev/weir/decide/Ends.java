package dev.weir.decide;

import dev.weir.bucket.Settled;
import dev.weir.measure.Amounts;
import dev.weir.request.Settlement;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Ends requests whose end Envoy will not report. Nobody else would report it, so what the store does not take is tried again for a minute,
 * the usual lease of a slot.
 */
public final class Ends {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** The most ends that wait to be tried again, more than a single Envoy may have under way; the slots of others expire. */
    static final int MOST_WAITING = 100_000;

    private final Decider decider;
    private final Consumer<Event> events;
    private final Timer timer;
    private final AtomicInteger waiting = new AtomicInteger();

    /** @param timer runs what is tried again */
    public Ends(Decider decider, Consumer<Event> events, Timer timer) {
        this.decider = decider;
        this.events = events;
        this.timer = timer;
    }

    /**
     * Releases a request whose admission nobody heard about.
     *
     * @param late whether the call's deadline had passed, so that Envoy may have let the request through: what was charged stays charged.
     *     Otherwise its client has left, and it is undone
     */
    public void release(String domain, String reservation, boolean late) {
        Supplier<CompletionStage<Settled>> end = late
                ? () -> decider.settle(domain, Settlement.keep(reservation))
                : () -> decider.undo(domain, reservation);
        attempt(
                () -> end.get().thenAccept(settled -> events.accept(new Event.Released(domain, late))),
                FIRST_PAUSE,
                PATIENCE);
    }

    /** Frees the slots of a request that is presumed to be over. */
    public void vacate(String domain, String reservation) {
        attempt(
                () -> decider.vacate(domain, reservation).thenAccept(known -> {
                    if (known) {
                        events.accept(new Event.Vacated(domain));
                    }
                }),
                FIRST_PAUSE,
                PATIENCE);
    }

    /** Settles a request that was admitted and then sent to nobody: it has used nothing, but still counts as a request. */
    public void unused(String domain, String reservation) {
        attempt(
                () -> decider.settle(domain, Settlement.used(reservation, Amounts.NO_TOKENS))
                        .thenAccept(settled -> {
                            if (settled.kind() != Settled.Kind.UNKNOWN) {
                                events.accept(new Event.Ended(domain, settled));
                            }
                        }),
                FIRST_PAUSE,
                PATIENCE);
    }

    private void attempt(Supplier<CompletionStage<Void>> end, Duration pause, Duration left) {
        end.get().whenComplete((done, failure) -> {
            if (failure != null && !left.isNegative() && waiting.get() < MOST_WAITING) {
                Duration next =
                        pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                waiting.incrementAndGet();
                timer.after(pause, () -> {
                    waiting.decrementAndGet();
                    attempt(end, next, left.minus(pause));
                });
            }
        });
    }
}
