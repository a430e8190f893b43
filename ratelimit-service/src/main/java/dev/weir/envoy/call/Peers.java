package dev.weir.envoy.call;

import dev.weir.bucket.Presence;
import dev.weir.decide.Timer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The Envoys that are connected, by their addresses. An Envoy whose last connection has ended is presumed gone, with all requests that were
 * under way there, if it does not come back for a while and is not connected to another replica. Envoys that share an address, or a Unix
 * socket, count as one: only the last of them is missed.
 */
public final class Peers {
    /** The time that an Envoy has to come back: one that lives does so within the interval of its health checks. */
    private static final Duration GRACE = Duration.ofSeconds(2);
    /** The time from one message, or question, to the other replicas to the next. */
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** The key of whoever comes by a Unix socket and so has no address. */
    private static final String ON_THIS_MACHINE = "unix";

    private final Timer timer;
    private final Consumer<List<HeldReservation>> gone;
    private final Presence presence;
    private final Map<Object, Present> present = new HashMap<>();
    private boolean leaving;

    private static final class Present {
        final Peer peer = new Peer(System::nanoTime);
        int connections;
        int departures;
    }

    /**
     * Watches the Envoys that are going to connect.
     *
     * @param gone learns of the requests that were under way at an Envoy that is presumed gone
     * @param presence knows what the other replicas are connected to
     */
    public Peers(Timer timer, Consumer<List<HeldReservation>> gone, Presence presence) {
        this.timer = timer;
        this.gone = gone;
        this.presence = presence;
        if (presence != Presence.ALONE) {
            timer.after(PAUSE, this::tellOthers);
        }
    }

    private void tellOthers() {
        timer.after(PAUSE, this::tellOthers);
        List<String> here = new ArrayList<>();
        synchronized (this) {
            present.forEach((key, known) -> {
                if (known.connections > 0 && key instanceof InetAddress address) {
                    here.add(address.getHostAddress());
                }
            });
        }
        if (!here.isEmpty()) {
            presence.here(here);
        }
    }

    /** Returns peers of whom none is ever missed. */
    public static Peers unwatched() {
        return new Peers((delay, task) -> {}, held -> {}, Presence.ALONE);
    }

    public Peer connected(@Nullable SocketAddress address) {
        Object key = keyOf(address);
        Present known;
        boolean first;
        synchronized (this) {
            known = present.computeIfAbsent(key, any -> new Present());
            first = known.connections == 0;
            known.connections++;
        }
        if (first && key instanceof InetAddress host) {
            presence.here(List.of(host.getHostAddress()));
        }
        return known.peer;
    }

    /** @param sentAway whether it was we who ended the connection, which says nothing about the other side */
    public synchronized void disconnected(@Nullable SocketAddress address, boolean sentAway) {
        Object key = keyOf(address);
        Present known = present.get(key);
        if (known == null) {
            return;
        }
        known.connections--;
        if (known.connections == 0 && !leaving) {
            int departure = ++known.departures;
            timer.after(GRACE, () -> miss(key, departure, sentAway));
        }
    }

    /** Presumes an Envoy gone unless it has come back meanwhile, if only for a moment, or is connected to another replica. */
    private void miss(Object key, int departure, boolean sentAway) {
        if (sentAway || !isAway(key, departure)) {
            take(key, departure);
            return;
        }
        CompletionStage<Boolean> elsewhere = key instanceof InetAddress address
                ? presence.elsewhere(address.getHostAddress())
                : Presence.ALONE.elsewhere(ON_THIS_MACHINE);
        elsewhere.whenComplete((lives, failure) -> {
            if (failure == null && !lives) {
                List<HeldReservation> held = take(key, departure);
                if (!held.isEmpty()) {
                    gone.accept(held);
                }
            } else {
                timer.after(PAUSE, () -> miss(key, departure, false));
            }
        });
    }

    /** Tells whether an Envoy is still away, with something under way. */
    private synchronized boolean isAway(Object key, int departure) {
        Present known = present.get(key);
        return known != null
                && known.connections == 0
                && known.departures == departure
                && !leaving
                && known.peer.holdsAny();
    }

    /** Forgets an Envoy that is still away, and returns what was under way there. */
    private synchronized List<HeldReservation> take(Object key, int departure) {
        Present known = present.get(key);
        if (known == null || known.connections > 0 || known.departures != departure || leaving) {
            return List.of();
        }
        present.remove(key);
        return known.peer.takeAll();
    }

    /** Notes that this service leaves: from now on the end of a connection says nothing about the other side. */
    public synchronized void leave() {
        leaving = true;
    }

    private static Object keyOf(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress()
                : ON_THIS_MACHINE;
    }
}
