package dev.weir.decide;

import dev.weir.policy.Domain;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decisions for tests, of a domain with nothing but defaults. */
public final class Decisions {
    private static final Domain DOMAIN = new Domain("llm", List.of());

    private Decisions() {}

    public static Decision.Allowed allowed(List<LimitStatus> standings, @Nullable String reservation) {
        return new Decision.Allowed(DOMAIN, standings, List.of(), reservation, 0);
    }

    public static Decision.Allowed withoutLimit() {
        return Decision.Allowed.WITHOUT_LIMIT;
    }

    /** Allowed, with nothing but limits in shadow mode. */
    public static Decision.Allowed shadowed(List<LimitStatus> shadows) {
        return new Decision.Allowed(DOMAIN, List.of(), shadows, null, 0);
    }

    public static Decision.Refused refused(
            RefusalReason reason,
            @Nullable LimitStatus by,
            List<LimitStatus> standings,
            long retryMicros,
            String sentence) {
        return new Decision.Refused(DOMAIN, reason, by, standings, List.of(), retryMicros, sentence);
    }
}
