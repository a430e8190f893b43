package dev.weir.refusal;

import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.policy.Domain;
import dev.weir.policy.PerDomain;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts how many requests each limit let through. Any thread counts; one thread asks. Each name of a limit in a domain has a counter,
 * which outlives the limits of that name.
 *
 * <p>The adders only grow, and what was reported is subtracted: every admission is reported once, though an adder's sum may lag behind
 * threads that are adding to it.
 */
final class AdmittedCounts {
    private final ConcurrentMap<String, ConcurrentMap<String, Counter>> domains = new ConcurrentHashMap<>();

    /** The counters of a domain's limits, in their order, so that an admission looks up none by name. */
    private final PerDomain<Counter[]> ofLimits = new PerDomain<>(this::counters);

    /** The two counts of a limit, both of which it needs if it is enforced for some teams only. */
    private static final class Counter {
        final Through enforced = new Through();
        final Through inShadow = new Through();
    }

    private static final class Through {
        final LongAdder all = new LongAdder();
        /** The part of the sum that was reported; only the asking thread uses it. */
        private long told;

        long untold() {
            long untold = all.sum() - told;
            told += untold;
            return untold;
        }
    }

    /** Counts what all limits let through, and what those in shadow mode would have. */
    void count(String domain, Decision.Allowed allowed) {
        count(domain, allowed.domain(), allowed.standings(), false);
        count(domain, allowed.domain(), allowed.shadows(), true);
    }

    /** Counts once for each limit, however many of its buckets the request reached; what was given back is no admission. */
    private void count(String name, Domain domain, List<LimitStatus> standings, boolean shadow) {
        if (standings.isEmpty()) {
            return;
        }
        Counter[] counters = ofLimits.of(domain);
        String last = "";
        for (int i = 0; i < standings.size(); i++) {
            LimitStatus standing = standings.get(i);
            // In tier order, so the buckets of a limit follow each other.
            String limit = standing.limit().name();
            if (standing.asked() >= 0
                    && !limit.equals(last)
                    && !(shadow && standing.level().refuses())) {
                last = limit;
                Counter counter = domain.isOwn(standing.limit())
                        ? counters[standing.limit().order()]
                        : counter(name, limit);
                (shadow ? counter.inShadow : counter.enforced).all.increment();
            }
        }
    }

    private Counter[] counters(Domain domain) {
        return domain.limits().stream()
                .map(limit -> counter(domain.name(), limit.name()))
                .toArray(Counter[]::new);
    }

    /** Returns the number of admissions that were not reported before. */
    long take(String domain, String limit, boolean shadow) {
        ConcurrentMap<String, Counter> limits = domains.get(domain);
        Counter counter = limits == null ? null : limits.get(limit);
        return counter == null ? 0 : (shadow ? counter.inShadow : counter.enforced).untold();
    }

    private Counter counter(String domain, String limit) {
        ConcurrentMap<String, Counter> limits = domains.get(domain);
        if (limits == null) {
            limits = domains.computeIfAbsent(domain, name -> new ConcurrentHashMap<>());
        }
        Counter counter = limits.get(limit);
        return counter == null ? limits.computeIfAbsent(limit, name -> new Counter()) : counter;
    }
}
