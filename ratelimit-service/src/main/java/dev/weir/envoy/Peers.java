package dev.weir.envoy;

import dev.weir.decide.Timer;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The Envoys that are connected, by their addresses. One whose last connection has ended and that does not come back for a while is
 * presumed gone, with all requests that were under way there. Envoys that share an address, or a Unix socket, count as one: of them only
 * the last is missed.
 */
public final class Peers {
    /** An Envoy that lives comes back within the interval of its health checks. */
    private static final Duration GRACE = Duration.ofSeconds(2);
    /** Whoever comes by a Unix socket has no address. */
    private static final Object ON_THIS_MACHINE = "unix";

    private final Timer timer;
    private final Consumer<List<Held>> gone;
    private final Map<Object, Present> present = new HashMap<>();
    private boolean leaving;

    private static final class Present {
        final Peer peer = new Peer(System::nanoTime);
        int connections;
        int departures;
    }

    /** @param gone learns, on the timer's thread, of the requests that were under way at an Envoy that is presumed gone */
    public Peers(Timer timer, Consumer<List<Held>> gone) {
        this.timer = timer;
        this.gone = gone;
    }

    /** Of which none is ever missed. */
    static Peers unwatched() {
        return new Peers((delay, task) -> {}, held -> {});
    }

    synchronized Peer connected(@Nullable SocketAddress address) {
        Present known = present.computeIfAbsent(keyOf(address), key -> new Present());
        known.connections++;
        return known.peer;
    }

    /** @param sentAway whether it was we who ended the connection, which says nothing about the other side */
    synchronized void disconnected(@Nullable SocketAddress address, boolean sentAway) {
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

    /** Unless it has come back meanwhile, be it for a moment. */
    private void miss(Object key, int departure, boolean sentAway) {
        List<Held> held = List.of();
        synchronized (this) {
            Present known = present.get(key);
            if (known != null && known.connections == 0 && known.departures == departure && !leaving) {
                present.remove(key);
                held = known.peer.takeAll();
            }
        }
        if (!held.isEmpty() && !sentAway) {
            gone.accept(held);
        }
    }

    /** It is this service that leaves: from now on an end of a connection says nothing about the other side. */
    synchronized void leave() {
        leaving = true;
    }

    private static Object keyOf(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress()
                : ON_THIS_MACHINE;
    }
}
