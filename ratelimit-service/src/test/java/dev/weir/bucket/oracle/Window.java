package dev.weir.bucket.oracle;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Periods;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What counts in a sliding or fixed window and what is owed to it, reckoned from its first charge on. */
final class Window {
    private static final int MOST_WINDOWS_OWED = 10;

    /** By the number of its cell, or the end of its period: what was charged in it. */
    private final SortedMap<Long, Part> parts;

    private final Map<History.Charged, Long> keys = new HashMap<>();
    private final Algorithm figures;
    private long owed;

    /** @param end when it is forgotten */
    private record Part(long end, long amount) {
        Part and(Part other) {
            return new Part(Math.max(end, other.end), Math.addExact(amount, other.amount));
        }
    }

    private Window(Algorithm figures, SortedMap<Long, Part> parts, long owed) {
        this.figures = figures;
        this.parts = parts;
        this.owed = owed;
    }

    static Window of(List<History.Event> events, Algorithm figures, long now) {
        Window window = new Window(figures, new TreeMap<>(), 0);
        for (History.Event event : events) {
            window.passUntil(event.at());
            window.take(event);
        }
        window.passUntil(now);
        return window;
    }

    private void take(History.Event event) {
        long limit = event.figures().most();
        if (event instanceof History.Charged charged) {
            keys.put(charged, keyOfCharge(charged.at()));
            add(charged.at(), charged.amount());
        } else if (event instanceof History.Owed more) {
            owed += more.amount();
            payWhatFits(limit, more.at());
        } else if (event instanceof History.GivenBack back) {
            takeFrom(keys.getOrDefault(back.charge(), key(back.charge().at())), back.amount());
            payWhatFits(limit, back.at());
        } else if (event instanceof History.TakenBack back) {
            long left = back.amount();
            while (left > 0 && !parts.isEmpty()) {
                left -= takeFrom(parts.firstKey(), left);
            }
            owed = Math.max(0, owed - left);
            payWhatFits(limit, back.at());
        }
    }

    private long takeFrom(long key, long amount) {
        Part there = parts.getOrDefault(key, new Part(0, 0));
        long taken = Math.min(there.amount(), amount);
        if (there.amount() == taken) {
            parts.remove(key);
        } else {
            parts.put(key, new Part(there.end(), there.amount() - taken));
        }
        return taken;
    }

    private void payWhatFits(long limit, long at) {
        long paid = Math.min(owed, Math.max(0, limit - counting()));
        add(at, paid);
        owed = Math.min(owed - paid, Math.multiplyExact(MOST_WINDOWS_OWED, limit));
    }

    private void add(long at, long amount) {
        if (amount > 0) {
            parts.merge(keyOfCharge(at), new Part(end(at), amount), Part::and);
        }
    }

    /** A charge counts from the last cell on, which may begin a little later where what was owed was paid into it. */
    private long keyOfCharge(long at) {
        return parts.isEmpty() ? key(at) : Math.max(key(at), parts.lastKey());
    }

    private long counting() {
        return parts.values().stream().map(Part::amount).reduce(0L, Math::addExact);
    }

    private void passUntil(long now) {
        while (!parts.isEmpty() && first().end() <= now) {
            forgetFirst();
        }
    }

    /** What comes free is paid with at that moment. Answers the moment. */
    private long forgetFirst() {
        Part first = first();
        parts.remove(parts.firstKey());
        long paid = Math.min(owed, first.amount());
        owed -= paid;
        add(timeOfPayment(first), paid);
        return first.end();
    }

    private long timeOfPayment(Part freed) {
        return figures instanceof Algorithm.SlidingWindow sliding
                ? freed.end() - sliding.windowMicros() + 60 * ((sliding.windowMicros() + 59) / 60)
                : freed.end();
    }

    private Part first() {
        return parts.get(parts.firstKey());
    }

    long used() {
        return counting() + owed;
    }

    /** Until no more than {@code enough} counts. Calendar periods after the current one are taken for as long as the longest ones. */
    long untilAtMost(long enough, long now) {
        Window later = new Window(figures, new TreeMap<>(parts), owed);
        long then = now;
        int ends = 0;
        while (later.used() > enough) {
            then = later.forgetFirst();
            ends++;
        }
        if (ends > 1 && figures instanceof Algorithm.FixedWindow fixed) {
            return first().end() - now + (ends - 1) * longest(fixed.periods());
        }
        return then - now;
    }

    private static long longest(Periods periods) {
        if (periods instanceof Periods.Every every) {
            return every.micros();
        }
        Duration longest = periods.id().startsWith("days")
                ? Duration.ofHours(25)
                : periods.id().startsWith("weeks")
                        ? Duration.ofDays(7).plusHours(1)
                        : Duration.ofDays(31).plusHours(1);
        return longest.toMillis() * 1_000;
    }

    private long key(long at) {
        return figures instanceof Algorithm.SlidingWindow sliding
                ? at / ((sliding.windowMicros() + 59) / 60)
                : Almanac.end(((Algorithm.FixedWindow) figures).periods(), at);
    }

    /** Returns until when a charge counts: in a sliding window, as long as any that was made with it in the same cell. */
    private long end(long at) {
        if (figures instanceof Algorithm.SlidingWindow sliding) {
            return at + sliding.windowMicros();
        }
        return Almanac.end(((Algorithm.FixedWindow) figures).periods(), at);
    }
}
