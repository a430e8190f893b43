package dev.weir.tools.diff;

import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import java.util.Locale;

/**
 * The answer of a policy.
 *
 * @param by the limit that refused, else the reason; empty where it was allowed
 */
public record Answer(Kind kind, String by) {
    /** What came of the request; invalid is one that cannot be decided, such as one for a domain the policy does not have. */
    enum Kind {
        ALLOWED,
        REFUSED,
        INVALID
    }

    static Answer of(Decision decision) {
        if (decision instanceof Decision.Refused refused) {
            LimitStatus standing = refused.by();
            return new Answer(
                    Kind.REFUSED,
                    standing == null
                            ? refused.reason().word()
                            : standing.limit().name());
        }
        return decision instanceof Decision.Invalid invalid
                ? new Answer(Kind.INVALID, invalid.problem())
                : new Answer(Kind.ALLOWED, "");
    }

    /** Returns the word that reports use: {@code allowed}, {@code refused} or {@code invalid}. */
    String word() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return by.isEmpty() ? word() : word() + (kind == Kind.REFUSED ? " by " : ": ") + by;
    }
}
