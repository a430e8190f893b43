package dev.weir.telemetry;

import io.micrometer.core.instrument.Counter;

/**
 * The meters of one limit.
 *
 * @param refused requests that it refused, as the first in tier order
 * @param shadow requests that it would have refused if it were not in shadow mode
 */
record LimitMeters(Counter refused, Counter shadow) {
    static final String NONE = "none";

    static LimitMeters of(Meters meters, String domain, String limit, String tier) {
        return new LimitMeters(
                decisions(meters, domain, limit, tier, "refused"), decisions(meters, domain, limit, tier, "shadow"));
    }

    /** Returns the counter of decisions that no limit made. */
    static Counter decisions(Meters meters, String domain, String outcome) {
        return decisions(meters, domain, NONE, NONE, outcome);
    }

    private static Counter decisions(Meters meters, String domain, String limit, String tier, String outcome) {
        return meters.counter(
                "weir.decisions",
                "Decisions; a refusal names the limit that refused",
                "domain",
                domain,
                "limit",
                limit,
                "tier",
                tier,
                "outcome",
                outcome);
    }
}
