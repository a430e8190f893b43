package dev.weir.refusal;

import dev.weir.decide.Standing;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many requests each limit let through. Any thread counts; one thread asks. There is a counter for each name of a limit in a
 * domain, which outlives the limits that bear it.
 *
 * <p>The adders only grow, and what was told is subtracted: every admission is told once, though an adder's sum may
 * lag behind threads that are adding to it.
 */
final class Admissions {
    private final ConcurrentMap<String, ConcurrentMap<String, Counter>> domains = new ConcurrentHashMap<>();

    private static final class Counter {
        final LongAdder all = new LongAdder();
        /** The asking thread's own. */
        long told;
    }

    /** Once for each limit, whatever number of its buckets the request reached; what was given back is no admission. */
    void count(String domain, List<Standing> standings) {
        String last = "";
        for (int i = 0; i < standings.size(); i++) {
            Standing standing = standings.get(i);
            // In tier order, so the buckets of a limit follow each other.
            String name = standing.limit().name();
            if (standing.asked() >= 0 && !name.equals(last)) {
                last = name;
                counter(domain, name).all.increment();
            }
        }
    }

    /** Those that were not told of before. */
    long take(String domain, String limit) {
        ConcurrentMap<String, Counter> limits = domains.get(domain);
        Counter counter = limits == null ? null : limits.get(limit);
        if (counter == null) {
            return 0;
        }
        long untold = counter.all.sum() - counter.told;
        counter.told += untold;
        return untold;
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
