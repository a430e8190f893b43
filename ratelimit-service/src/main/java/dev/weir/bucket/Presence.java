package dev.weir.bucket;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Tells the replicas that share a store which Envoys each of them is connected to: an Envoy that has lost its way to a single replica is
 * still alive.
 *
 * <p>Implementations are thread-safe and do not block.
 */
public interface Presence {
    /** The presence of a replica that shares its store with nobody. */
    Presence ALONE = new Presence() {
        @Override
        public void here(List<String> envoys) {}

        @Override
        public CompletionStage<Boolean> elsewhere(String envoy) {
            return CompletableFuture.completedFuture(false);
        }
    };

    /** Says that these Envoys are connected here, which holds for two and a half seconds. */
    void here(List<String> envoys);

    /**
     * Asks whether an Envoy is connected to another replica.
     *
     * @return fails where the store cannot be asked
     */
    CompletionStage<Boolean> elsewhere(String envoy);
}
