package dev.weir.telemetry;

import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.LimitOverrides;
import io.micrometer.core.instrument.Counter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The meters of one domain. A decision finds those of its limit by name, whichever policy made it. */
final class DomainMeters {
    private static final String OTHER = "other";

    final Counter allowed;
    final Counter invalid;
    final Counter refusedWithoutLimit;
    final Counter unlimited;
    final Counter reservations;
    final Counter settled;
    final Counter kept;
    final Counter unknown;
    final Counter tokensHeld;
    final Counter tokensUsed;
    final Counter storeErrors;
    final Counter storeFull;
    final Counter lateAnswers;
    final Counter cancelled;
    final Counter cancelledLate;
    final Counter renewed;
    final Counter renewedTooLate;
    final Counter vacated;
    final AttributeMeters attributes;

    private final Meters meters;
    private final String name;
    private final LimitMeters ownLimit;
    private volatile Map<String, LimitMeters> limits = Map.of();
    private volatile int limitsInForce;

    DomainMeters(Meters meters, String name) {
        this.meters = meters;
        this.name = name;
        allowed = LimitMeters.decisions(meters, name, "allowed");
        invalid = LimitMeters.decisions(meters, name, "invalid");
        refusedWithoutLimit = LimitMeters.decisions(meters, name, "refused");
        ownLimit = LimitMeters.of(meters, name, LimitOverrides.NAME, LimitMeters.NONE);
        unlimited = counter("weir.unlimited.requests", "Requests that were let pass because no limit applies to them");
        reservations = counter("weir.reservations", "Reservations that were given out");
        settled = settlements("settled");
        kept = settlements("kept");
        unknown = settlements("unknown");
        tokensHeld = settledTokens("held");
        tokensUsed = settledTokens("used");
        cancelled = cancellations("in_time");
        cancelledLate = cancellations("late");
        renewed = renewals("known");
        renewedTooLate = renewals("unknown");
        vacated = counter("weir.vacated", "Requests whose slots were freed because they are presumed to be over");
        storeErrors = counter(
                "weir.store.errors", "Calls that were answered with an error because the store could not be asked");
        storeFull =
                counter("weir.store.full", "Requests that were refused because memory had no room for their buckets");
        lateAnswers = counter("weir.late.answers", "Answers for which the caller had stopped waiting");
        attributes = new AttributeMeters(meters, name);
        meters.gauge("weir.limits", "Limits of the policy that is in force", () -> limitsInForce, "domain", name);
    }

    /**
     * Makes all meters of a domain before it decides. Those of limits that have gone stay. For one caller at a time.
     *
     * @param shownAttributes the attributes whose values are shown
     */
    void load(Domain domain, List<String> shownAttributes, MeterNameBudget places) {
        Map<String, LimitMeters> next = new HashMap<>(limits);
        for (Limit limit : domain.limits()) {
            next.put(limit.name(), of(limit, places));
        }
        limits = Map.copyOf(next);
        attributes.show(shownAttributes, places);
        limitsInForce = domain.limits().size();
    }

    private LimitMeters of(Limit limit, MeterNameBudget places) {
        String tier = limit.tier().word();
        return places.take("limit", name, limit.name(), tier)
                ? LimitMeters.of(meters, name, limit.name(), tier)
                : LimitMeters.of(meters, name, OTHER, OTHER);
    }

    Counter refusedBy(Limit limit) {
        return of(limit).refused();
    }

    /** Returns the counter of a limit in shadow mode, which let the request through. */
    Counter shadowRefusedBy(Limit limit) {
        return of(limit).shadow();
    }

    /** Returns the meters of a limit; one that a descriptor brings along is in no policy. */
    private LimitMeters of(Limit limit) {
        LimitMeters known = limits.get(limit.name());
        return known == null ? ownLimit : known;
    }

    private Counter settlements(String outcome) {
        return counter(
                "weir.settlements",
                "Reservations that ended: settled to the true usage, kept as estimated, or unknown",
                "outcome",
                outcome);
    }

    private Counter settledTokens(String kind) {
        return counter(
                "weir.settled.tokens",
                "Tokens of settled reservations: held at admission, and truly used",
                "kind",
                kind);
    }

    private Counter cancellations(String when) {
        return counter(
                "weir.cancellations",
                "Calls that were cancelled while they were decided: in time, or after their deadline",
                "when",
                when);
    }

    private Counter renewals(String reservation) {
        return counter(
                "weir.renewals",
                "Signs of life of requests under way, by whether their reservation was known",
                "reservation",
                reservation);
    }

    private Counter counter(String metric, String description) {
        return meters.counter(metric, description, "domain", name);
    }

    private Counter counter(String metric, String description, String label, String value) {
        return meters.counter(metric, description, "domain", name, label, value);
    }
}
