package dev.weir.policy;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Makes what follows from a domain when it is first asked for, and remembers it by the domain's name. For another domain of the same name,
 * as after a reload, it is made anew. Thread-safe: a thread that loses a race makes it once more.
 */
public final class PerDomain<T> {
    private static final int MOST_DOMAINS = 1_000;

    private record Made<T>(Domain domain, T value) {}

    private final ConcurrentHashMap<String, Made<T>> byName = new ConcurrentHashMap<>();
    private final Function<Domain, T> make;

    public PerDomain(Function<Domain, T> make) {
        this.make = make;
    }

    /** Returns what follows from a domain. */
    @SuppressWarnings("ReferenceEquality") // The same domain of a policy, not an equal one of another.
    public T of(Domain domain) {
        Made<T> known = byName.get(domain.name());
        if (known != null && known.domain == domain) {
            return known.value;
        }
        if (byName.size() >= MOST_DOMAINS) {
            byName.clear();
        }
        Made<T> made = new Made<>(domain, make.apply(domain));
        byName.put(domain.name(), made);
        return made.value;
    }
}
