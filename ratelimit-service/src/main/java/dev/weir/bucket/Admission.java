package dev.weir.bucket;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All charges of one request, no bucket twice. Either all are taken or none.
 *
 * @param reservation the name under which the charges are kept that do not stay as they are; null where all do
 * @param reservationMicros how long they are kept; afterwards the estimates stand
 */
public record Admission(List<Charge> charges, @Nullable String reservation, long reservationMicros) {}
