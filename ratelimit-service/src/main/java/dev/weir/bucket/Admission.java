package dev.weir.bucket;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All charges of one request, no bucket twice. Either all are taken or none.
 *
 * @param reservation the name under which the estimated charges are kept until they are settled; null where none is estimated
 * @param reservationMicros how long they are kept; afterwards the estimates stand
 */
public record Admission(List<Charge> charges, @Nullable String reservation, long reservationMicros) {}
