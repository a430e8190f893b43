package dev.weir.bucket.oracle;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Periods;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What counts in a sliding or fixed window and what is owed to it, reckoned from its first charge on. */
final class Window {
    private static final int MOST_WINDOWS_OWED = 10;

    /** Amounts by the time at which they are forgotten. */
    private final SortedMap<Long, Long> amounts;

    private final Algorithm figures;
    private long owed;

    private Window(Algorithm figures, SortedMap<Long, Long> amounts, long owed) {
        this.figures = figures;
        this.amounts = amounts;
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
            add(charged.at(), charged.amount());
        } else if (event instanceof History.Owed more) {
            owed += more.amount();
            payWhatFits(limit, more.at());
        } else if (event instanceof History.GivenBack back) {
            takeFrom(forgottenAt(back.charge().at()), back.amount());
            payWhatFits(limit, back.at());
        } else if (event instanceof History.TakenBack back) {
            long left = back.amount();
            while (left > 0 && !amounts.isEmpty()) {
                left -= takeFrom(amounts.firstKey(), left);
            }
            owed = Math.max(0, owed - left);
            payWhatFits(limit, back.at());
        }
    }

    private long takeFrom(long key, long amount) {
        long there = amounts.getOrDefault(key, 0L);
        long taken = Math.min(there, amount);
        if (there == taken) {
            amounts.remove(key);
        } else {
            amounts.put(key, there - taken);
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
            amounts.merge(forgottenAt(at), amount, Math::addExact);
        }
    }

    private long counting() {
        return amounts.values().stream().reduce(0L, Math::addExact);
    }

    private void passUntil(long now) {
        while (!amounts.isEmpty() && amounts.firstKey() <= now) {
            forgetFirst();
        }
    }

    /** What comes free is paid with at that moment. Answers the moment. */
    private long forgetFirst() {
        long then = amounts.firstKey();
        long paid = Math.min(owed, amounts.remove(then));
        owed -= paid;
        add(then, paid);
        return then;
    }

    long used() {
        return counting() + owed;
    }

    /** Until no more than {@code enough} counts. Calendar periods after the current one are taken for as long as the longest ones. */
    long untilAtMost(long enough, long now) {
        Window later = new Window(figures, new TreeMap<>(amounts), owed);
        long then = now;
        int ends = 0;
        while (later.used() > enough) {
            then = later.forgetFirst();
            ends++;
        }
        if (ends > 1 && figures instanceof Algorithm.FixedWindow fixed) {
            return amounts.firstKey() - now + (ends - 1) * longest(fixed.periods());
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

    private long forgottenAt(long at) {
        if (figures instanceof Algorithm.SlidingWindow sliding) {
            long cell = (sliding.windowMicros() + 59) / 60;
            return (at / cell + 61) * cell;
        }
        return Almanac.end(((Algorithm.FixedWindow) figures).periods(), at);
    }
}
