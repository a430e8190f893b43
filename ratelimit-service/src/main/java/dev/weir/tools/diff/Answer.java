package dev.weir.tools.diff;

import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;

/**
 * The answer of a policy.
 *
 * @param word {@code allowed}, {@code refused}, or {@code invalid} where the policy has no such domain
 * @param by the limit that refused, else the reason; empty where it was allowed
 */
public record Answer(String word, String by) {
    static Answer of(Decision decision) {
        if (decision instanceof Decision.Refused refused) {
            LimitStatus standing = refused.by();
            return new Answer(
                    "refused",
                    standing == null
                            ? refused.reason().word()
                            : standing.limit().name());
        }
        return decision instanceof Decision.Invalid invalid
                ? new Answer("invalid", invalid.problem())
                : new Answer("allowed", "");
    }

    @Override
    public String toString() {
        return by.isEmpty() ? word : word + (word.equals("refused") ? " by " : ": ") + by;
    }
}
