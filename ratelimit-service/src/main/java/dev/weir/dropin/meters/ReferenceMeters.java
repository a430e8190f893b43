package dev.weir.dropin.meters;

import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.policy.Descriptors;
import dev.weir.policy.Mode;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import dev.weir.server.Extension;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Keeps the counters of envoyproxy/ratelimit under its own names, for those who have dashboards of them. They count hits and not requests,
 * by limit and, where the policy says so, by value; {@link StatKey} tells the names. A process shows at most {@value #MOST_KEYS} of them,
 * of at most {@value #LONGEST_KEY} characters; what is beyond that counts as {@code other}.
 */
public final class ReferenceMeters implements Extension.Meters {
    private static final int MOST_KEYS = 10_000;
    private static final int LONGEST_KEY = 512;
    private static final String OTHER = "other";

    private final Map<String, Counts> byKey = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> unknownDomains = new ConcurrentHashMap<>();
    private final LongAdder requests = new LongAdder();
    private final LongAdder globalShadow = new LongAdder();
    private final LongAdder storeErrors = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder policiesLoaded = new LongAdder();
    private final LongAdder policiesRefused = new LongAdder();

    /** The counters of one limit; {@code near} counts what came when it was nearly used up, but not what was over it. */
    private record Counts(LongAdder total, LongAdder within, LongAdder near, LongAdder over, LongAdder shadow) {
        Counts() {
            this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    @Override
    public void decided(Request request, Decision decision, long nanos) {
        requests.increment();
        Descriptors rules = decision.domain().descriptors();
        if (rules == null) {
            return;
        }
        if (decision.domain().name().isEmpty()) {
            counter(unknownDomains, request.domain(), LongAdder::new)
                    .add(request.descriptors().size());
        }
        for (LimitStatus standing : decision.standings()) {
            count(request, standing, rules);
        }
        for (LimitStatus standing : decision.shadows()) {
            count(request, standing, rules);
        }
        if (decision instanceof Decision.Allowed && decision.shadows().stream().anyMatch(ReferenceMeters::isRefused)) {
            globalShadow.increment();
        }
    }

    /** Returns whether a limit refused that is not itself in shadow mode. */
    private static boolean isRefused(LimitStatus shadow) {
        return shadow.level().refuses() && !(shadow.limit().scope().mode() instanceof Mode.Shadow);
    }

    private void count(Request request, LimitStatus standing, Descriptors rules) {
        if (standing.limit().allow().unlimited() || standing.asked() < 0) {
            return;
        }
        Counts counts = counter(byKey, key(request, standing, rules), Counts::new);
        long hits = standing.asked();
        long limit = standing.limit().most();
        long after = standing.level().used();
        long before = Math.max(0, after - hits);
        // The reference computes this in 32 bits.
        long nearly = (long) Math.floor((float) limit * rules.settings().nearLimitRatio());
        counts.total.add(hits);
        if (rules.allOrNothing() && standing.level().refuses()) {
            // Nothing was taken, so what there is does not show it.
            counts.over.add(hits);
            counts.shadow.add(standing.limit().scope().mode() instanceof Mode.Shadow ? hits : 0);
        } else if (after > limit) {
            long over = before >= limit ? hits : after - limit;
            counts.over.add(over);
            counts.near.add(before >= limit ? 0 : limit - Math.max(nearly, before));
            counts.shadow.add(standing.limit().scope().mode() instanceof Mode.Shadow ? over : 0);
        } else {
            counts.within.add(hits);
            counts.near.add(after <= nearly ? 0 : before >= nearly ? hits : after - nearly);
        }
    }

    private static String key(Request request, LimitStatus standing, Descriptors rules) {
        Attributes entries = entries(request, standing.descriptor());
        return rules.isOwn(standing.limit())
                ? StatKey.ofOwn(request.domain(), entries)
                : StatKey.of(request.domain(), rules.tree(), rules.leaf(standing.limit()), entries);
    }

    private static Attributes entries(Request request, int position) {
        for (Descriptor descriptor : request.descriptors()) {
            if (descriptor.position() == position) {
                return descriptor.attributes();
            }
        }
        throw new IllegalArgumentException("no descriptor " + position);
    }

    /** Returns the counter of a name, or the one of all names that have no room for their own. */
    private static <C> C counter(Map<String, C> counters, String name, Supplier<C> made) {
        C known = counters.get(name);
        if (known != null) {
            return known;
        }
        boolean shown = counters.size() < MOST_KEYS && name.length() <= LONGEST_KEY;
        return counters.computeIfAbsent(shown ? name : OTHER, unseen -> made.get());
    }

    @Override
    public void rejected(String problem) {
        requests.increment();
        rejected.increment();
    }

    @Override
    public void failed(String domain, Throwable cause, long nanos) {
        requests.increment();
        storeErrors.increment();
    }

    @Override
    public void policyLoaded() {
        policiesLoaded.increment();
    }

    @Override
    public void policyRefused() {
        policiesRefused.increment();
    }

    @Override
    public String page() {
        return ReferencePage.of(counters());
    }

    /** Returns those that have counted anything, by the reference's names for statsd without {@code ratelimit.service.}, in order. */
    public Map<String, Long> counters() {
        Map<String, Long> counters = new TreeMap<>();
        byKey.forEach((key, counts) -> {
            String name = "rate_limit." + key;
            put(counters, name + ".total_hits", counts.total);
            put(counters, name + ".within_limit", counts.within);
            put(counters, name + ".near_limit", counts.near);
            put(counters, name + ".over_limit", counts.over);
            put(counters, name + ".shadow_mode", counts.shadow);
        });
        unknownDomains.forEach((domain, count) ->
                put(counters, "rate_limit." + StatKey.sanitized(domain) + ".domain_not_found", count));
        put(counters, "global_shadow_mode", globalShadow);
        put(counters, "server.ShouldRateLimit.total_requests", requests);
        put(counters, "config_load_success", policiesLoaded);
        put(counters, "config_load_error", policiesRefused);
        put(counters, "call.should_rate_limit.redis_error", storeErrors);
        put(counters, "call.should_rate_limit.service_error", rejected);
        return counters;
    }

    private static void put(Map<String, Long> counters, String name, LongAdder counter) {
        if (counter.sum() > 0) {
            counters.merge(name, counter.sum(), Long::sum);
        }
    }
}
