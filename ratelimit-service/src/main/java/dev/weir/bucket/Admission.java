package dev.weir.bucket;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All charges of one request. Where all are taken or none, no bucket is charged twice. What is given back is given back in any case, before
 * anything is taken.
 *
 * @param reservation the name under which the charges are kept until the request ends; null where none of them changes then
 * @param reservationMicros how long they are kept at least, see {@link #keptMicros}; afterwards the estimates stand
 * @param patience how long the caller waits for the answer; a store that makes its callers wait charges nothing when that is over
 */
public record Admission(
        List<Charge> charges,
        ChargeRule taking,
        @Nullable String reservation,
        long reservationMicros,
        Patience patience) {
    /** Makes an admission that takes all or nothing and whose caller waits. */
    public Admission(List<Charge> charges, @Nullable String reservation, long reservationMicros) {
        this(charges, ChargeRule.ALL_OR_NONE, reservation, reservationMicros, Patience.ENDLESS);
    }

    /** Returns how long the charges are kept: as long as any of the slots, since a request that ends later could not free it. */
    public long keptMicros() {
        long longest = reservationMicros;
        for (Charge charge : charges) {
            longest = Math.max(longest, charge.slotMicros());
        }
        return longest;
    }

    /** Returns whether nothing is asked for: what is given back makes room and is never too much. */
    public boolean onlyGivesBack() {
        for (Charge charge : charges) {
            if (charge.amount() >= 0) {
                return false;
            }
        }
        return !charges.isEmpty();
    }
}
