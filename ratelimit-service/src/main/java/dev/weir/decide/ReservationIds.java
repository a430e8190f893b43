package dev.weir.decide;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** Ids that no two replicas or restarts share: 64 random bits for the process, then a count. */
final class ReservationIds {
    private final String process = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    private final AtomicLong count = new AtomicLong();

    /** In digits of 16: those of 36 would give many of the names one hash, since some of them are 31 apart. */
    String next() {
        return process + '-' + Long.toHexString(count.incrementAndGet());
    }
}
