package dev.weir.envoy.call;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * An Envoy, by its address, and the requests under way there that hold slots, as far as this replica knows. A request that another replica
 * has settled is forgotten when its lease is over.
 */
public final class Peer {
    /**
     * The most requests that are remembered; the oldest beyond these are forgotten, and their slots are free when their leases are over.
     */
    static final int MOST = 1 << 16;

    private record Lease(HeldReservation held, long micros, long until) {}

    private final LongSupplier nanoTime;
    private final LinkedHashMap<String, Lease> leases = new LinkedHashMap<>();

    Peer(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @param leaseMicros the time for which its slots are kept without a sign of life */
    public synchronized void holds(HeldReservation held, long leaseMicros) {
        long now = nanoTime.getAsLong();
        Iterator<Lease> oldest = leases.values().iterator();
        while (oldest.hasNext() && (oldest.next().until() - now < 0 || leases.size() >= MOST)) {
            oldest.remove();
        }
        leases.put(held.reservation(), new Lease(held, leaseMicros, now + leaseMicros * 1_000));
    }

    /** Notes a sign of life of a request, which another replica may have admitted. */
    public synchronized void lives(HeldReservation held, long leaseMicrosIfUnknown) {
        Lease known = leases.remove(held.reservation());
        holds(held, known == null ? leaseMicrosIfUnknown : known.micros());
    }

    public synchronized void ended(String reservation) {
        leases.remove(reservation);
    }

    /** Tells whether a request is under way there whose lease is not over. */
    synchronized boolean holdsAny() {
        long now = nanoTime.getAsLong();
        return leases.values().stream().anyMatch(lease -> lease.until() - now >= 0);
    }

    /** Removes and returns all requests. */
    synchronized List<HeldReservation> takeAll() {
        List<HeldReservation> all = new ArrayList<>(leases.size());
        leases.values().forEach(lease -> all.add(lease.held()));
        leases.clear();
        return all;
    }
}
