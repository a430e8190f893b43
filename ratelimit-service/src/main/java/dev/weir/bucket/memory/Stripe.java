package dev.weir.bucket.memory;

import dev.weir.bucket.Bucket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** A part of the buckets and reservations under one lock, which every caller of the other methods holds. */
final class Stripe {
    private static final int SMALLEST_SWEEP = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, KeptBucket> buckets = new HashMap<>();
    private final Map<String, Reservation> reservations = new HashMap<>();
    private final AtomicInteger total;
    private final AtomicLong expired;
    private final LongUnaryOperator calendar;
    private int sweepAt = SMALLEST_SWEEP;

    /** @param calendar see {@link MemoryBuckets} */
    Stripe(AtomicInteger total, AtomicLong expired, LongUnaryOperator calendar) {
        this.total = total;
        this.expired = expired;
        this.calendar = calendar;
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    @Nullable
    KeptBucket find(String name) {
        return buckets.get(name);
    }

    void keep(KeptBucket bucket) {
        if (buckets.putIfAbsent(bucket.name(), bucket) == null) {
            total.incrementAndGet();
        }
    }

    void keep(String name, Reservation reservation) {
        reservations.put(name, reservation);
        total.incrementAndGet();
    }

    @Nullable
    Reservation takeReservation(String name, long now) {
        Reservation reservation = reservations.remove(name);
        if (reservation == null) {
            return null;
        }
        total.decrementAndGet();
        if (reservation.expiresAt() > now) {
            return reservation;
        }
        expired.incrementAndGet();
        return null;
    }

    /** Returns the charges of a reservation that may have expired; none where there is no such reservation. */
    List<ReservedCharge> charges(String reservation) {
        Reservation known = reservations.get(reservation);
        return known == null ? List.of() : known.charges();
    }

    /** Takes a slot again, beyond the bound if need be: the request is under way. */
    void renew(ReservedCharge slot, long now) {
        KeptBucket kept = find(slot.bucket());
        Bucket bucket = kept == null ? opened(slot, now) : kept.bucket();
        bucket.renew(slot.algorithm(), slot.mark(), now);
    }

    /** Settles a charge, beyond the bound if need be: a settlement is never refused. */
    void settle(ReservedCharge charge, long used, long now) {
        KeptBucket kept = find(charge.bucket());
        if (kept == null && used <= charge.amount()) {
            return;
        }
        Bucket bucket = kept == null ? opened(charge, now) : kept.bucket();
        bucket.settle(charge.algorithm(), charge.mark(), charge.amount(), used, now);
    }

    private Bucket opened(ReservedCharge charge, long now) {
        KeptBucket opened = new KeptBucket(charge.bucket(), CalendarBucket.open(charge.algorithm(), calendar, now));
        keep(opened);
        return opened.bucket();
    }

    /** Sweeps once the stripe has doubled since the last sweep. */
    void sweepIfDue(long now) {
        if (buckets.size() + reservations.size() >= sweepAt) {
            sweep(now);
        }
    }

    /** Removes what no longer counts. */
    void sweep(long now) {
        int before = buckets.size() + reservations.size();
        buckets.values().removeIf(kept -> kept.bucket().idle(now));
        int reserved = reservations.size();
        reservations.values().removeIf(reservation -> reservation.expiresAt() <= now);
        expired.addAndGet(reserved - reservations.size());
        int after = buckets.size() + reservations.size();
        total.addAndGet(after - before);
        sweepAt = Math.max(SMALLEST_SWEEP, 2 * after);
    }
}
