package dev.weir.bucket.oracle;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import dev.weir.measure.Measure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@link dev.weir.bucket.Buckets} promises, written a second time from the documents: plain, slow and never forgetful. It
 * keeps all that ever happened and works out each answer from the beginning.
 */
public final class ReferenceModel {
    /** What differs between the stores, by their documents. */
    public enum Store {
        /** A bucket sees the time and the figures of every call, refused ones too. */
        MEMORY,
        /** A call that takes nothing writes nothing, so the next one does not know of it. */
        REDIS
    }

    private record Hold(Charge charge, History.Charged charged) {}

    private record Reservation(List<Hold> holds, long expiresAt) {}

    private final Map<String, History> histories = new HashMap<>();
    private final Map<String, Reservation> reservations = new HashMap<>();
    private final Store store;

    public ReferenceModel(Store store) {
        this.store = store;
    }

    public Outcome admit(Admission admission, long clock) {
        boolean allFit = true;
        Set<String> fitting = new HashSet<>();
        for (Charge charge : admission.charges()) {
            History history = history(charge);
            if (store == Store.MEMORY || history.flowsBackOtherwise(charge.algorithm())) {
                history.see(charge.algorithm(), clock);
            }
            if (charge.amount() < 0) {
                history.takeBack(charge.algorithm(), -charge.amount(), clock);
            } else if (history.fits(charge.algorithm(), charge.amount(), clock)) {
                fitting.add(charge.bucket());
            } else {
                allFit &= charge.shadow();
            }
        }
        if (allFit) {
            take(admission, fitting, clock);
        }
        List<BucketStatus> levels = new ArrayList<>();
        for (Charge charge : admission.charges()) {
            BucketStatus level = history(charge).level(charge.algorithm(), charge.amount(), clock);
            boolean fitted = charge.amount() < 0 || (charge.shadow() && fitting.contains(charge.bucket()));
            levels.add(fitted ? new BucketStatus(level.used(), level.resetMicros(), 0) : level);
        }
        return allFit ? new Outcome.Admitted(levels) : new Outcome.Refused(levels);
    }

    private void take(Admission admission, Set<String> fitting, long clock) {
        List<Hold> holds = new ArrayList<>();
        for (Charge charge : admission.charges()) {
            if (charge.amount() < 0 || !fitting.contains(charge.bucket())) {
                continue;
            }
            History.Charged charged = history(charge).charge(charge.algorithm(), charge.amount(), clock);
            if (charge.amount() > 0 || charge.atEnd() != EndAction.KEEP) {
                holds.add(new Hold(charge, charged));
            }
        }
        if (admission.reservation() != null) {
            long kept = keptMicros(admission.charges(), admission.reservationMicros());
            reservations.put(admission.reservation(), new Reservation(holds, clock + kept));
        }
    }

    /** As long as any of its slots. */
    private static long keptMicros(List<Charge> charges, long micros) {
        long longest = micros;
        for (Charge charge : charges) {
            if (charge.atEnd() == EndAction.RELEASE && charge.algorithm() instanceof Algorithm.Parallel parallel) {
                longest = Math.max(longest, parallel.leaseMicros());
            }
        }
        return longest;
    }

    public Settled settle(String id, Usage usage, long clock) {
        Reservation reservation = reservations.remove(id);
        if (reservation == null || reservation.expiresAt() <= clock) {
            return Settled.UNKNOWN;
        }
        long held = 0;
        for (Hold hold : reservation.holds()) {
            Charge charge = hold.charge();
            if (charge.atEnd() == EndAction.RELEASE || (charge.atEnd() == EndAction.KEEP && usage == Usage.UNDONE)) {
                replace(hold, 0, clock);
            }
            if (charge.atEnd() != EndAction.SETTLE) {
                continue;
            }
            held = charge.measure() == Measure.TOKENS ? Math.max(held, charge.amount()) : held;
            if (usage.tells(charge.measure())) {
                replace(hold, usage.insteadOf(charge.measure(), charge.amount()), clock);
            }
        }
        return Settled.of(held, usage);
    }

    public boolean renew(String id, long micros, long clock) {
        Reservation reservation = reservations.remove(id);
        if (reservation == null || reservation.expiresAt() <= clock) {
            return false;
        }
        for (Hold hold : reservation.holds()) {
            if (hold.charge().atEnd() == EndAction.RELEASE) {
                history(hold.charge()).renew(hold.charged(), clock);
            }
        }
        List<Charge> held = reservation.holds().stream().map(Hold::charge).toList();
        reservations.put(id, new Reservation(reservation.holds(), clock + keptMicros(held, micros)));
        return true;
    }

    public boolean vacate(String id, long clock) {
        Reservation reservation = reservations.get(id);
        if (reservation == null || reservation.expiresAt() <= clock) {
            reservations.remove(id);
            return false;
        }
        for (Hold hold : reservation.holds()) {
            if (hold.charge().atEnd() == EndAction.RELEASE) {
                replace(hold, 0, clock);
            }
        }
        return true;
    }

    private void replace(Hold hold, long used, long clock) {
        Charge charge = hold.charge();
        History history = history(charge);
        history.see(charge.algorithm(), clock);
        if (used > charge.amount()) {
            history.owe(charge.algorithm(), used - charge.amount(), clock);
        } else {
            history.giveBack(hold.charged(), charge.amount() - used, clock);
        }
    }

    private History history(Charge charge) {
        return histories.computeIfAbsent(charge.bucket(), name -> new History());
    }

    /** How long until every bucket is empty that will be empty within {@code micros}; 0 where none will. */
    public long untilEmpty(long micros, long clock) {
        return histories.values().stream()
                .mapToLong(history -> history.untilEmpty(clock))
                .filter(left -> left <= micros)
                .max()
                .orElse(0);
    }
}
