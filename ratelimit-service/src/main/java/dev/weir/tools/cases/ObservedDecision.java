package dev.weir.tools.cases;

import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One decision of a step.
 *
 * @param number its place in the step, from 1
 * @param micros when it was made, since the epoch
 */
record ObservedDecision(int number, long micros, Decision decision) {
    /** Returns the decision in words that follow "was". */
    String words() {
        if (decision instanceof Decision.Refused refused) {
            return "refused"
                    + (refused.by() == null ? "" : " by " + refused.by().limit().name()) + " for "
                    + refused.reason().word() + ": " + refused.sentence();
        }
        return decision instanceof Decision.Invalid invalid ? "not understood: " + invalid.problem() : "allowed";
    }

    /** Returns what a limit has left, the least where several descriptors came to several of its buckets; null where none did. */
    @Nullable
    Long left(String limit) {
        return Stream.concat(decision.standings().stream(), decision.shadows().stream())
                .filter(standing -> standing.limit().name().equals(limit))
                .map(LimitStatus::remaining)
                .min(Long::compare)
                .orElse(null);
    }

    /** Returns a line for each limit that was asked, with what is used of it: those that may refuse, then those in shadow. */
    List<String> limits() {
        List<String> lines = new ArrayList<>();
        decision.standings().forEach(standing -> lines.add(state(standing)));
        decision.shadows().forEach(standing -> lines.add(state(standing) + ", in shadow"));
        return lines;
    }

    private static String state(LimitStatus standing) {
        return standing.limit().name() + ": " + standing.level().used() + " of "
                + standing.limit().most() + " used";
    }
}
