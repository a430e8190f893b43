package dev.weir.bucket;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All charges of one request. Where all are taken or none, no bucket is charged twice. What is given back is given back in any case,
 * before anything is taken.
 *
 * @param reservation the name under which the charges are kept until the request ends; null where none changes then
 * @param reservationMicros how long they are kept; afterwards the estimates stand
 */
public record Admission(
        List<Charge> charges, Taking taking, @Nullable String reservation, long reservationMicros) {
    /** One that takes all or nothing. */
    public Admission(List<Charge> charges, @Nullable String reservation, long reservationMicros) {
        this(charges, Taking.ALL_OR_NONE, reservation, reservationMicros);
    }

    /** One whose charges are taken each for itself, for good. */
    public static Admission counting(List<Charge> charges, Taking taking) {
        return new Admission(charges, taking, null, 0);
    }
}
