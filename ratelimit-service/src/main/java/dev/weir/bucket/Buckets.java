package dev.weir.bucket;

import java.util.concurrent.CompletionStage;

/**
 * The store of all buckets. All operations take effect at once, as if nobody else were there. A settlement may be
 * repeated: a reservation is settled once, whoever settles it.
 *
 * <p>Implementations are thread-safe and do not block. A stage that fails means that the store could not be asked, and that
 * it is not known whether it acted.
 */
public interface Buckets extends AutoCloseable {
    CompletionStage<Outcome> admit(Admission admission);

    /**
     * Ends a reservation: settles what settles and frees what frees.
     *
     * @param usage what was really used, charged even where it does not fit
     */
    CompletionStage<Settled> settle(String reservation, Usage usage);

    /**
     * Keeps the reservation of a request that is still under way, and its slots for as long again as their limits say.
     *
     * @param micros how long the reservation is kept from now, from 1,000 on
     * @return whether there is such a reservation
     */
    CompletionStage<Boolean> renew(String reservation, long micros);

    @Override
    void close();
}
