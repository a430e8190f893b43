package dev.weir.decide;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** Ids that no two replicas or restarts share: 64 random bits for the process, then a count. */
final class ReservationIds {
    private final String process = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    private final AtomicLong count = new AtomicLong();

    /** Returns the next id, in base 16. In base 36, where digits may be twice 31 apart, many names would have the same hash. */
    String next() {
        return process + '-' + Long.toHexString(count.incrementAndGet());
    }
}
