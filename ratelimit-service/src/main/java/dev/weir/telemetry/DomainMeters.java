package dev.weir.telemetry;

import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.OwnLimits;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of one domain. */
final class DomainMeters {
    private static final String NONE = "none";

    final Counter allowed;
    final Counter invalid;
    final Counter refusedWithoutLimit;
    private final Counter refusedByOwnLimit;
    /** By the limit's order. */
    private final Counter[] refused;

    final Counter settled;
    final Counter kept;
    final Counter unknown;
    final Counter tokensHeld;
    final Counter tokensUsed;
    final Counter storeErrors;
    final Counter cancelled;
    final Counter cancelledLate;

    DomainMeters(MeterRegistry registry, Domain domain) {
        String name = domain.name();
        allowed = decisions(registry, name, NONE, NONE, "allowed");
        invalid = decisions(registry, name, NONE, NONE, "invalid");
        refusedWithoutLimit = decisions(registry, name, NONE, NONE, "refused");
        refusedByOwnLimit = decisions(registry, name, OwnLimits.NAME, NONE, "refused");
        refused = new Counter[domain.limits().size()];
        for (Limit limit : domain.limits()) {
            refused[limit.order()] =
                    decisions(registry, name, limit.name(), limit.tier().word(), "refused");
        }
        settled = settlements(registry, name, "settled");
        kept = settlements(registry, name, "kept");
        unknown = settlements(registry, name, "unknown");
        tokensHeld = settledTokens(registry, name, "held");
        tokensUsed = settledTokens(registry, name, "used");
        cancelled = cancellations(registry, name, "in_time");
        cancelledLate = cancellations(registry, name, "late");
        storeErrors = counter(
                registry,
                "weir.store.errors",
                "Calls that were answered with an error because the store could not be asked",
                "domain",
                name);
    }

    Counter refusedBy(Limit limit) {
        return limit.order() < refused.length ? refused[limit.order()] : refusedByOwnLimit;
    }

    private static Counter decisions(MeterRegistry registry, String domain, String limit, String tier, String outcome) {
        return counter(
                registry,
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

    private static Counter settlements(MeterRegistry registry, String domain, String outcome) {
        return counter(
                registry,
                "weir.settlements",
                "Reservations that ended: settled to the true usage, kept as estimated, or unknown",
                "domain",
                domain,
                "outcome",
                outcome);
    }

    private static Counter settledTokens(MeterRegistry registry, String domain, String kind) {
        return counter(
                registry,
                "weir.settled.tokens",
                "Tokens of settled reservations: held at admission, and truly used",
                "domain",
                domain,
                "kind",
                kind);
    }

    private static Counter cancellations(MeterRegistry registry, String domain, String when) {
        return counter(
                registry,
                "weir.cancellations",
                "Calls that were cancelled while they were decided: in time, or after their deadline",
                "domain",
                domain,
                "when",
                when);
    }

    private static Counter counter(MeterRegistry registry, String name, String description, String... tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }
}
