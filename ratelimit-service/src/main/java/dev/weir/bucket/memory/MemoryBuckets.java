package dev.weir.bucket.memory;

import dev.weir.bucket.Admission;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.ChargeRule;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Buckets in this process, for a single replica.
 *
 * <p>Names are spread over {@value #STRIPES} stripes, each a hash table under a lock. A request takes the locks of all its stripes in the
 * order of their numbers, so two requests never wait for each other in a circle, and holds them for the few hundred nanoseconds that its
 * arithmetic takes.
 *
 * <p>What no longer counts is swept when a stripe has doubled since its last sweep, or when the store is full, so there is no sweeper
 * thread. What still counts is never evicted: at the bound new names are refused.
 */
public final class MemoryBuckets implements Buckets {
    static final int STRIPES = 64;
    /** The factor of Fibonacci hashing (D. Knuth, The Art of Computer Programming, volume 3, section 6.4): it mixes upper bits well. */
    private static final int GOLDEN_RATIO = 0x9E3779B9;

    private static final int STRIPE_SHIFT = Integer.SIZE - Integer.numberOfTrailingZeros(STRIPES);
    private static final long SWEEP_PAUSE_MICROS = 1_000_000;

    private final Stripe[] stripes = new Stripe[STRIPES];
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong expired = new AtomicLong();
    private final AtomicLong sweptAllAt = new AtomicLong();
    private final int bound;
    private final LongSupplier nowMicros;
    private final LongUnaryOperator calendar;

    /** Keeps buckets whose calendar goes by the same clock as everything else. */
    public MemoryBuckets(int bound, LongSupplier nowMicros) {
        this(bound, nowMicros, LongUnaryOperator.identity());
    }

    /**
     * Keeps buckets in this process.
     *
     * @param bound the largest number of buckets and reservations; requests at the same moment may go above it by a few
     * @param nowMicros a clock in microseconds that does not go back
     * @param calendar the time by which days, weeks and months begin, for a time of that clock
     */
    public MemoryBuckets(int bound, LongSupplier nowMicros, LongUnaryOperator calendar) {
        this.bound = bound;
        this.nowMicros = nowMicros;
        this.calendar = calendar;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe(size, expired, calendar);
        }
    }

    @Override
    public CompletionStage<Outcome> admit(Admission admission) {
        String reservation = admission.reservation();
        long locks = reservation == null ? 0 : lockOf(reservation);
        for (Charge charge : admission.charges()) {
            locks |= lockOf(charge.bucket());
        }
        if (size.get() >= bound) {
            sweepAll();
        }
        lock(locks);
        try {
            long now = nowMicros.getAsLong();
            sweepIfDue(locks, now);
            return CompletableFuture.completedFuture(admitLocked(admission, now));
        } finally {
            unlock(locks);
        }
    }

    private Outcome admitLocked(Admission admission, long now) {
        List<Charge> charges = admission.charges();
        KeptBucket[] asked = new KeptBucket[charges.size()];
        boolean allKept = true;
        int created = 0;
        for (int i = 0; i < asked.length; i++) {
            Charge charge = charges.get(i);
            KeptBucket known = stripe(charge.bucket()).find(charge.bucket());
            if (known == null) {
                allKept = false;
                known = find(charge.bucket(), charges, asked, i);
            }
            created += known == null && charge.amount() > 0 && !charge.shadow() ? 1 : 0;
            asked[i] = known == null ? opened(charge, now) : known;
            if (charge.amount() < 0) {
                asked[i].bucket().giveBack(charge.algorithm(), -charge.amount(), now);
            }
        }
        return decide(admission, new AdmissionAttempt(charges, asked, allKept, now), created, now);
    }

    private KeptBucket opened(Charge charge, long now) {
        return new KeptBucket(charge.bucket(), CalendarBucket.open(charge.algorithm(), calendar, now));
    }

    /** @param created the number of new buckets that the request depends on */
    private Outcome decide(Admission admission, AdmissionAttempt asked, int created, long now) {
        if (admission.taking() == ChargeRule.ALL_OR_NONE && !asked.allFit()) {
            return new Outcome.Refused(asked.levels(now));
        }
        int needed = created + (asked.needsItsEnd(false) ? 1 : 0);
        if (needed > 0 && size.get() + needed > bound) {
            return new Outcome.Full();
        }
        if (size.get() + needed + asked.size() >= bound) {
            asked.leaveOutShadows();
        }
        asked.choose(admission.taking());
        return new Outcome.Admitted(chargeAll(admission, asked, now));
    }

    /** Finds a bucket that is not kept yet, for a request that asks it twice, or gives back to it and asks it. */
    private static @Nullable KeptBucket find(String name, List<Charge> charges, KeptBucket[] asked, int before) {
        for (int i = 0; i < before; i++) {
            if (charges.get(i).bucket().equals(name)) {
                return asked[i];
            }
        }
        return null;
    }

    /** Returns the levels; a bucket that is charged twice has two. */
    private List<BucketStatus> chargeAll(Admission admission, AdmissionAttempt asked, long now) {
        List<BucketStatus> levels = new ArrayList<>(asked.size());
        String reservation = admission.reservation();
        List<ReservedCharge> reserved = reservation == null ? List.of() : new ArrayList<>(asked.size());
        for (int i = 0; i < asked.size(); i++) {
            if (asked.takes(i)) {
                take(admission, asked, i, reserved, now);
            }
            levels.add(asked.level(i, now));
        }
        // Others may have filled the store meanwhile, but a request admitted because there was room must not lose it.
        if (reservation != null && (size.get() < bound || asked.needsItsEnd(true))) {
            stripe(reservation).keep(reservation, new Reservation(reserved, now + admission.keptMicros()));
        }
        return levels;
    }

    private void take(Admission admission, AdmissionAttempt asked, int i, List<ReservedCharge> reserved, long now) {
        Charge charge = asked.charge(i);
        KeptBucket kept = asked.bucket(i);
        long mark = kept.bucket().charge(charge.algorithm(), charge.amount(), now);
        if (charge.amount() > 0 && !asked.allKept()) {
            stripe(kept.name()).keep(kept);
        }
        if (admission.reservation() != null && (charge.amount() > 0 || charge.atEnd() != EndAction.KEEP)) {
            reserved.add(ReservedCharge.of(charge, kept, mark));
        }
    }

    @Override
    public CompletionStage<Settled> settle(String reservation, Usage usage) {
        return locked(reservation, now -> settleLocked(reservation, usage, now));
    }

    /** Takes the reservation out, so that nobody else settles it: whoever finds it gone finds it settled. */
    private Settled settleLocked(String reservation, Usage usage, long now) {
        Reservation taken = stripe(reservation).takeReservation(reservation, now);
        if (taken == null) {
            return Settled.UNKNOWN;
        }
        for (ReservedCharge charge : taken.charges()) {
            if (charge.isSlot()) {
                stripe(charge.bucket()).settle(charge, 0, now);
            } else if (usage instanceof Usage.Undone
                    || (charge.atEnd() == EndAction.SETTLE && usage.tells(charge.measure()))) {
                stripe(charge.bucket()).settle(charge, usage.insteadOf(charge.measure(), charge.amount()), now);
            }
        }
        return Settled.of(taken.largestEstimate(), usage);
    }

    @Override
    public CompletionStage<Boolean> renew(String reservation, long micros) {
        return locked(reservation, now -> renewLocked(reservation, micros, now));
    }

    private boolean renewLocked(String reservation, long micros, long now) {
        Reservation known = stripe(reservation).takeReservation(reservation, now);
        if (known == null) {
            return false;
        }
        for (ReservedCharge charge : known.charges()) {
            if (charge.isSlot()) {
                stripe(charge.bucket()).renew(charge, now);
            }
        }
        long kept = Math.max(micros, known.slotMicros());
        stripe(reservation).keep(reservation, new Reservation(known.charges(), now + kept));
        return true;
    }

    @Override
    public CompletionStage<Boolean> vacate(String reservation) {
        return locked(reservation, now -> vacateLocked(reservation, now));
    }

    private boolean vacateLocked(String reservation, long now) {
        Reservation known = stripe(reservation).takeReservation(reservation, now);
        if (known == null) {
            return false;
        }
        for (ReservedCharge charge : known.charges()) {
            if (charge.isSlot()) {
                stripe(charge.bucket()).settle(charge, 0, now);
            }
        }
        stripe(reservation).keep(reservation, known);
        return true;
    }

    @Override
    public CompletionStage<Integer> vacateAll(String bucket) {
        long lock = lockOf(bucket);
        lock(lock);
        try {
            KeptBucket known = stripe(bucket).find(bucket);
            int freed = known == null ? 0 : known.bucket().releaseAll(nowMicros.getAsLong());
            return CompletableFuture.completedFuture(freed);
        } finally {
            unlock(lock);
        }
    }

    /** Acts while everything that a reservation concerns is locked. */
    private <T> CompletionStage<T> locked(String reservation, LongFunction<T> action) {
        long locks = locksOf(reservation);
        lock(locks);
        try {
            return CompletableFuture.completedFuture(action.apply(nowMicros.getAsLong()));
        } finally {
            unlock(locks);
        }
    }

    /** Returns its own lock and those of its buckets. What a reservation holds never changes, so it may be looked up before. */
    private long locksOf(String reservation) {
        long own = lockOf(reservation);
        long all = own;
        lock(own);
        try {
            for (ReservedCharge charge : stripe(reservation).charges(reservation)) {
                all |= lockOf(charge.bucket());
            }
        } finally {
            unlock(own);
        }
        return all;
    }

    /** Returns how many buckets and reservations there are. */
    public int size() {
        return size.get();
    }

    /** Returns how many there may be. */
    public int bound() {
        return bound;
    }

    /** Returns how many reservations have expired, as far as that was noticed: when one is asked for, or its stripe is swept. */
    public long expired() {
        return expired.get();
    }

    @Override
    public void close() {}

    private Stripe stripe(String name) {
        return stripes[Long.numberOfTrailingZeros(lockOf(name))];
    }

    /** Returns the lock of a name, by other bits of its hash than a map uses: else a stripe's names would share few places of its map. */
    private static long lockOf(String name) {
        return 1L << ((name.hashCode() * GOLDEN_RATIO) >>> STRIPE_SHIFT);
    }

    private void lock(long locks) {
        for (long left = locks; left != 0; left &= left - 1) {
            stripes[Long.numberOfTrailingZeros(left)].lock();
        }
    }

    /** Sweeps before anything is looked up, so that no bucket is swept away between look-up and charge. */
    private void sweepIfDue(long locks, long now) {
        for (long left = locks; left != 0; left &= left - 1) {
            stripes[Long.numberOfTrailingZeros(left)].sweepIfDue(now);
        }
    }

    /** Sweeps one stripe after the other, at most once a second: a flood of new names must not turn into a flood of sweeps. */
    private void sweepAll() {
        long now = nowMicros.getAsLong();
        long last = sweptAllAt.get();
        if (now - last < SWEEP_PAUSE_MICROS || !sweptAllAt.compareAndSet(last, now)) {
            return;
        }
        for (Stripe stripe : stripes) {
            stripe.lock();
            try {
                stripe.sweep(now);
            } finally {
                stripe.unlock();
            }
        }
    }

    private void unlock(long locks) {
        for (long left = locks; left != 0; left &= left - 1) {
            stripes[Long.numberOfTrailingZeros(left)].unlock();
        }
    }
}
