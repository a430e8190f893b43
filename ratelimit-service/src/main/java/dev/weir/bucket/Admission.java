package dev.weir.bucket;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All charges of one request, no bucket charged twice. Either all are taken or none, but for those in shadow; what is given back is
 * given back in any case.
 *
 * @param reservation the name under which the charges are kept until the request ends; null where none changes then
 * @param reservationMicros how long they are kept; afterwards the estimates stand
 */
public record Admission(List<Charge> charges, @Nullable String reservation, long reservationMicros) {}
