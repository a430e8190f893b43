package dev.weir.bucket.redis;

import dev.weir.bucket.StoreUnreachableException;
import dev.weir.bucket.Usage;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Reservations of admissions that were sent and of which nothing was heard: Redis may have taken them, or may yet. Nobody will tell
 * of their ends, so their slots are freed as soon as Redis can be asked again. Their estimates stay, since Envoy may have let the
 * requests through.
 */
final class Unheard {
    private final LinkedBlockingQueue<String> reservations;

    /** @param most the others keep their slots until these expire */
    Unheard(int most) {
        reservations = new LinkedBlockingQueue<>(most);
    }

    /** What Redis answers with an error it has not done, and what was never sent neither. */
    void add(List<String> sent, Throwable failure) {
        Throwable cause = Script.causeOf(failure);
        if (!(cause instanceof RedisCommandExecutionException || cause instanceof StoreUnreachableException)) {
            sent.forEach(reservations::offer);
        }
    }

    /** The ends of the first of them, which are then no longer here. */
    List<SettleCall.Step> takeEnds(int most) {
        if (reservations.isEmpty()) {
            return List.of();
        }
        List<String> taken = new ArrayList<>();
        reservations.drainTo(taken, most);
        List<SettleCall.Step> ends = new ArrayList<>(taken.size());
        for (String reservation : taken) {
            ends.add(new SettleCall.End(reservation, Usage.UNKNOWN));
        }
        return ends;
    }
}
