package dev.weir.bucket;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All charges of one request. Where all are taken or none, no bucket is charged twice. What is given back is given back in any case,
 * before anything is taken.
 *
 * @param reservation the name under which the charges are kept until the request ends; null where none changes then
 * @param reservationMicros how long they are kept at least, see {@link #keptMicros}; afterwards the estimates stand
 * @param patience how long the answer is waited for; a store that has its callers wait does not charge when it is over
 */
public record Admission(
        List<Charge> charges,
        ChargeRule taking,
        @Nullable String reservation,
        long reservationMicros,
        Patience patience) {
    /** One that takes all or nothing, and whose caller waits. */
    public Admission(List<Charge> charges, @Nullable String reservation, long reservationMicros) {
        this(charges, ChargeRule.ALL_OR_NONE, reservation, reservationMicros, Patience.ENDLESS);
    }

    /** How long the charges are kept: as long as any of the slots, or a request that ends after that time could not free it. */
    public long keptMicros() {
        long longest = reservationMicros;
        for (Charge charge : charges) {
            longest = Math.max(longest, charge.slotMicros());
        }
        return longest;
    }

    /** Whether nothing is asked for: what is given back makes room, and is never too much. */
    public boolean onlyGivesBack() {
        for (Charge charge : charges) {
            if (charge.amount() >= 0) {
                return false;
            }
        }
        return !charges.isEmpty();
    }
}
