package dev.weir.bucket.memory;

import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Charge;
import dev.weir.bucket.ChargeRule;
import dev.weir.bucket.EndAction;
import java.util.ArrayList;
import java.util.List;

/** The charges of an admission, the buckets that they ask, and whether those have room. Used under the locks of the buckets. */
final class AdmissionAttempt {
    private final List<Charge> charges;
    private final KeptBucket[] buckets;
    private final boolean allKept;
    private final boolean[] fits;
    /** The charges that are taken if the request is, once they are known. */
    private boolean[] taken;

    /**
     * Asks whether there is room.
     *
     * @param buckets in the order of the charges, after what is given back has been
     * @param allKept whether all of the buckets were there before
     */
    AdmissionAttempt(List<Charge> charges, KeptBucket[] buckets, boolean allKept, long now) {
        this.charges = charges;
        this.buckets = buckets;
        this.allKept = allKept;
        this.fits = new boolean[buckets.length];
        for (int i = 0; i < buckets.length; i++) {
            Charge charge = charges.get(i);
            fits[i] = charge.amount() < 0 || buckets[i].bucket().fits(charge.algorithm(), charge.amount(), now);
        }
        this.taken = fits;
    }

    int size() {
        return buckets.length;
    }

    boolean allKept() {
        return allKept;
    }

    Charge charge(int i) {
        return charges.get(i);
    }

    KeptBucket bucket(int i) {
        return buckets[i];
    }

    /** Returns whether a charge is taken, as the rule says, and gives nothing back. */
    boolean takes(int i) {
        return taken[i] && charges.get(i).amount() >= 0;
    }

    void choose(ChargeRule taking) {
        if (taking != ChargeRule.ALL_OR_NONE) {
            boolean misfitsOnly = taking == ChargeRule.MISFITS_FIRST && !allFit();
            taken = new boolean[fits.length];
            for (int i = 0; i < fits.length; i++) {
                taken[i] = !misfitsOnly || !fits[i];
            }
        }
    }

    /** Returns whether all fit except those in shadow, which do not matter. */
    boolean allFit() {
        for (int i = 0; i < fits.length; i++) {
            if (!fits[i] && !charges.get(i).shadow()) {
                return false;
            }
        }
        return true;
    }

    /** Leaves out what is in shadow: where hardly any room is left, it is for what the request depends on. */
    void leaveOutShadows() {
        for (int i = 0; i < fits.length; i++) {
            fits[i] &= !charges.get(i).shadow() || charges.get(i).amount() < 0;
        }
    }

    /** Returns whether a reservation is needed to free a slot, or to charge what is only charged at the end. An estimate may stay. */
    boolean needsItsEnd(boolean withShadows) {
        for (int i = 0; i < fits.length; i++) {
            Charge charge = charges.get(i);
            boolean taken = fits[i] && (withShadows || !charge.shadow());
            if (taken
                    && (charge.atEnd() == EndAction.RELEASE
                            || (charge.atEnd() == EndAction.SETTLE && charge.amount() == 0))) {
                return true;
            }
        }
        return false;
    }

    List<BucketStatus> levels(long now) {
        List<BucketStatus> levels = new ArrayList<>(buckets.length);
        for (int i = 0; i < buckets.length; i++) {
            levels.add(level(i, now));
        }
        return levels;
    }

    BucketStatus level(int i, long now) {
        Charge charge = charges.get(i);
        BucketStatus level = buckets[i].bucket().level(charge.algorithm(), charge.amount(), now);
        boolean fitted = charge.amount() < 0 || (charge.shadow() && fits[i]);
        return fitted ? new BucketStatus(level.used(), level.resetMicros(), 0) : level;
    }
}
