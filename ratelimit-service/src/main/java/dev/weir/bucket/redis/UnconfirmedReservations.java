package dev.weir.bucket.redis;

import dev.weir.bucket.StoreUnreachableException;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Ends that Redis has yet to be told: of admissions that were sent and of which nothing was heard, which Redis may have taken or may
 * yet, and ends of which nothing was heard themselves. Nobody else will tell of them, so they follow as soon as Redis can be asked again.
 */
final class UnconfirmedReservations {
    private final LinkedBlockingQueue<SettleCall.End> ends;

    /** @param most the others keep their slots until these expire */
    UnconfirmedReservations(int most) {
        ends = new LinkedBlockingQueue<>(most);
    }

    /** Whether Redis may have done what failed so: what it answers with an error it has not done, and what was never sent neither. */
    static boolean mayBeDone(Throwable failure) {
        Throwable cause = Script.causeOf(failure);
        return !(cause instanceof RedisCommandExecutionException || cause instanceof StoreUnreachableException);
    }

    void add(List<SettleCall.End> untold) {
        untold.forEach(ends::offer);
    }

    /** The first of them, which are then no longer here. */
    List<SettleCall.End> take(int most) {
        if (ends.isEmpty()) {
            return List.of();
        }
        List<SettleCall.End> taken = new ArrayList<>();
        ends.drainTo(taken, most);
        return taken;
    }
}
