package dev.weir.bucket;

/**
 * The state of one fixed window: a count that starts anew with every period. It is never above the limit within a period; twice the limit
 * may come around a boundary. What a settlement gives back counts only while the period that was charged lasts; what it charges beyond the
 * limit is owed, see {@link Bucket#settle}, and every following period begins with as much of it as counted in the one before.
 * {@code fixed_window.lua} is the same arithmetic for Redis.
 */
final class FixedWindowState implements Bucket {
    private long latest;
    private long start;
    private long end;
    private long count;
    private long debt;

    FixedWindowState(long now) {
        this.latest = now;
        this.end = Long.MIN_VALUE;
    }

    @Override
    public boolean fits(Algorithm figures, long amount, long now) {
        advance(figures, now);
        return count + debt + Math.max(amount, 1) <= figures.most();
    }

    /** Returns the start of the period that was charged. */
    @Override
    public long charge(Algorithm figures, long amount, long now) {
        advance(figures, now);
        count += amount;
        return start;
    }

    @Override
    public void settle(Algorithm figures, long charged, long held, long used, long now) {
        advance(figures, now);
        if (used >= held) {
            debt += used - held;
        } else if (charged == start) {
            count -= Math.min(held - used, count);
        }
        chargeDebt(figures.most());
    }

    @Override
    public void giveBack(Algorithm figures, long amount, long now) {
        advance(figures, now);
        long back = Math.min(amount, count);
        count -= back;
        debt -= Math.min(debt, amount - back);
        chargeDebt(figures.most());
    }

    @Override
    public BucketStatus level(Algorithm figures, long amount, long now) {
        advance(figures, now);
        long wanted = Math.max(amount, 1);
        long limit = figures.most();
        return new BucketStatus(
                count + debt,
                untilNoMoreThan(figures, 0),
                wanted > limit ? BucketStatus.NEVER : untilNoMoreThan(figures, limit - wanted));
    }

    /** Returns the time until at most {@code enough} counts, up to an hour a day or 3 days a month too long for owed calendar periods. */
    private long untilNoMoreThan(Algorithm figures, long enough) {
        long tooMuch = count + debt - enough;
        return tooMuch <= 0
                ? 0
                : end - latest + (tooMuch - 1) / count * periods(figures).longestMicros();
    }

    /** Keeps one in debt somewhat longer than needed, since the length of periods is not known here. */
    @Override
    public boolean idle(long now) {
        long last = debt == 0 ? end : end + (Algorithm.MOST_WINDOWS_OWED + 2) * (end - start);
        return count == 0 || Math.max(latest, now) >= last;
    }

    long used(Algorithm figures, long now) {
        advance(figures, now);
        return count + debt;
    }

    /** Returns how long until the period ends, whether or not anything counts in it. */
    long left(Algorithm figures, long now) {
        advance(figures, now);
        return end - latest;
    }

    private void advance(Algorithm figures, long now) {
        latest = Math.max(latest, now);
        while (debt > 0 && latest >= end) {
            begin(periods(figures).at(end));
            count = Math.min(count, debt);
            debt -= count;
        }
        if (latest >= end) {
            begin(periods(figures).at(latest));
            count = 0;
        }
    }

    private void begin(Periods.Span span) {
        start = span.start();
        end = span.end();
    }

    /** Charges what is owed as far as there is room for it. */
    private void chargeDebt(long limit) {
        if (debt > 0) {
            long paid = Math.min(debt, Math.max(0, limit - count));
            debt = Math.min(debt - paid, Algorithm.MOST_WINDOWS_OWED * limit);
            count += paid;
        }
    }

    private static Periods periods(Algorithm figures) {
        return ((Algorithm.Periodic) figures).periods();
    }
}
