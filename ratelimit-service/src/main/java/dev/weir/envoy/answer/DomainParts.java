package dev.weir.envoy.answer;

import dev.weir.decide.LimitStatus;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What answers say alike for as long as a policy is in force: of each limit, and of the limits that apply to a request together. It follows
 * from the domain alone, so it is remembered by the domain's name, and made anew for a domain of the same name that is another. Thread-safe.
 */
public final class DomainParts {
    private static final int MOST_DOMAINS = 1_000;
    private static final int MOST_COMBINATIONS = 1_000;
    private static final ConcurrentHashMap<String, DomainParts> BY_NAME = new ConcurrentHashMap<>();

    private final Domain domain;
    private final LimitParts[] limits;
    /** The fields {@code RateLimit-Policy} that were needed, by the limits' places as bits. */
    private final ConcurrentHashMap<Long, HeaderValue> policies = new ConcurrentHashMap<>();

    private DomainParts(Domain domain) {
        this.domain = domain;
        this.limits = domain.limits().stream().map(LimitParts::of).toArray(LimitParts[]::new);
    }

    /** Those of a domain. */
    @SuppressWarnings("ReferenceEquality") // The same domain of a policy, not an equal one of another.
    public static DomainParts of(Domain domain) {
        DomainParts known = BY_NAME.get(domain.name());
        if (known != null && known.domain == domain) {
            return known;
        }
        if (BY_NAME.size() >= MOST_DOMAINS) {
            BY_NAME.clear();
        }
        DomainParts made = new DomainParts(domain);
        BY_NAME.put(domain.name(), made);
        return made;
    }

    /** Those of a limit of this domain, or of one that a descriptor brought along. */
    public LimitParts of(Limit limit) {
        return isKnown(limit) ? limits[limit.order()] : LimitParts.of(limit);
    }

    @SuppressWarnings("ReferenceEquality") // Limits that descriptors bring along have places, too.
    private boolean isKnown(Limit limit) {
        return limit.order() < limits.length && limits[limit.order()].limit() == limit;
    }

    /**
     * The field {@code RateLimit-Policy}: in tier order, so that it stays the same from answer to answer.
     *
     * @param shown the limit that the other headers tell of, which is always among them
     */
    HeaderValue policies(Limit shown, List<LimitStatus> all) {
        long places = all.size() <= RateHeaders.MOST_POLICIES ? places(all) : 0;
        if (places == 0) {
            return write(shown, all);
        }
        HeaderValue known = policies.get(places);
        if (known != null) {
            return known;
        }
        HeaderValue made = write(shown, all);
        if (policies.size() < MOST_COMBINATIONS) {
            policies.put(places, made);
        }
        return made;
    }

    /** A bit for each limit; 0 where one has none. */
    private long places(List<LimitStatus> all) {
        long places = 0;
        for (int i = 0; i < all.size(); i++) {
            Limit limit = all.get(i).limit();
            if (limit.order() >= Long.SIZE || !isKnown(limit)) {
                return 0;
            }
            places |= 1L << limit.order();
        }
        return places;
    }

    private HeaderValue write(Limit shown, List<LimitStatus> all) {
        StringBuilder field = new StringBuilder(48 * Math.min(all.size(), RateHeaders.MOST_POLICIES));
        int written = 0;
        boolean withShown = false;
        for (int i = 0; i < all.size() && written < RateHeaders.MOST_POLICIES; i++) {
            Limit limit = all.get(i).limit();
            boolean lastPlace = written == RateHeaders.MOST_POLICIES - 1 && !withShown;
            if (lastPlace) {
                limit = shown;
            } else if (isNamedBefore(i, all)) {
                continue;
            }
            withShown |= limit.name().equals(shown.name());
            (written == 0 ? field : field.append(", ")).append(of(limit).policy());
            written++;
        }
        return RateHeaders.header("ratelimit-policy", field.toString());
    }

    /** Several buckets of one limit, for several descriptors, are one policy. */
    private static boolean isNamedBefore(int index, List<LimitStatus> all) {
        for (int i = 0; i < index; i++) {
            if (all.get(i).limit().name().equals(all.get(index).limit().name())) {
                return true;
            }
        }
        return false;
    }
}
