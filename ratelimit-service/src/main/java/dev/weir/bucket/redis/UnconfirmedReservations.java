package dev.weir.bucket.redis;

import dev.weir.bucket.StoreUnreachableException;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Keeps ends that Redis has yet to be told: those of admissions that were sent and never answered, which Redis may have taken or may take
 * yet, and ends that were never answered themselves. Nobody else will tell of them, so they follow as soon as Redis can be asked again.
 */
final class UnconfirmedReservations {
    private final LinkedBlockingQueue<SettleCall.End> ends;

    /** @param most the most ends that are kept; the slots of others stay until they expire */
    UnconfirmedReservations(int most) {
        ends = new LinkedBlockingQueue<>(most);
    }

    /** Returns whether Redis may have done what failed so: not what it answered with an error, nor what was never sent. */
    static boolean mayBeDone(Throwable failure) {
        Throwable cause = Script.causeOf(failure);
        return !(cause instanceof RedisCommandExecutionException || cause instanceof StoreUnreachableException);
    }

    void add(List<SettleCall.End> untold) {
        untold.forEach(ends::offer);
    }

    /** Removes and returns the first of them. */
    List<SettleCall.End> take(int most) {
        if (ends.isEmpty()) {
            return List.of();
        }
        List<SettleCall.End> taken = new ArrayList<>();
        ends.drainTo(taken, most);
        return taken;
    }
}
