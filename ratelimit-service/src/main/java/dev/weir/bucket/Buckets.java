package dev.weir.bucket;

import java.util.concurrent.CompletionStage;

/**
 * The store of all buckets. All operations take effect at once, as if nobody else were there. A settlement may be
 * repeated: a reservation is settled once, whoever settles it.
 *
 * <p>Implementations are thread-safe and do not block. A stage that fails means that the store could not be asked, and that
 * it is not known whether it acted; with {@link OverloadedException} it is known that it did not.
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
     * Keeps the reservation of a request that has shown a sign of life, and its slots for as long again as their limits say. A slot that
     * had expired, or was vacated, is taken again, even where there is no room for it.
     *
     * @param micros how long the reservation is kept from now, at least 1,000; longer where its slots are
     * @return whether there is such a reservation
     */
    CompletionStage<Boolean> renew(String reservation, long micros);

    /**
     * Frees the slots of a request that is presumed to be over. Its reservation stays: what is settled later counts as what was used,
     * and a sign of life takes the slots again.
     *
     * @return whether there is such a reservation
     */
    CompletionStage<Boolean> vacate(String reservation);

    /**
     * Frees all slots of a bucket, and of no other. The reservations of the requests that held them stay: what is settled later counts as
     * what was used, and a sign of life takes the slots again.
     *
     * @param bucket the name of a bucket of slots
     * @return how many slots were taken
     */
    CompletionStage<Integer> vacateAll(String bucket);

    @Override
    void close();
}
