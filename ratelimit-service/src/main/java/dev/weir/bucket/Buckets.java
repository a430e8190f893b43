package dev.weir.bucket;

import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * The store of all buckets. Both operations take effect at once, as if nobody else were there. A settlement may be
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
     * @param tokens what was really used, charged even where it does not fit; empty keeps the estimate
     */
    CompletionStage<Settled> settle(String reservation, OptionalLong tokens);

    @Override
    void close();
}
