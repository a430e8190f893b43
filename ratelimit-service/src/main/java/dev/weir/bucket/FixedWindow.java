package dev.weir.bucket;

/**
 * The state of one fixed window: a count that starts anew with every period. Never above the limit within a period; twice the
 * limit may come around a boundary. What a settlement gives back counts only while the period that was charged lasts.
 * {@code fixed_window.lua} is the same arithmetic for Redis.
 */
final class FixedWindow implements Bucket {
    private long latest;
    private long start;
    private long end;
    private long count;

    FixedWindow(long now) {
        this.latest = now;
        this.end = Long.MIN_VALUE;
    }

    @Override
    public boolean fits(Algorithm figures, long amount, long now) {
        advance(figures, now);
        return count + Math.max(amount, 1) <= figures.most();
    }

    /** Answers the start of the period that was charged. */
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
            count += used - held;
        } else if (charged == start) {
            giveBack(figures, held - used, now);
        }
    }

    @Override
    public void giveBack(Algorithm figures, long amount, long now) {
        advance(figures, now);
        count -= Math.min(amount, count);
    }

    @Override
    public Level level(Algorithm figures, long amount, long now) {
        advance(figures, now);
        long wanted = Math.max(amount, 1);
        long retry = wanted > figures.most() ? Level.NEVER : count + wanted <= figures.most() ? 0 : end - latest;
        return new Level(count, count == 0 ? 0 : end - latest, retry);
    }

    @Override
    public boolean idle(long now) {
        return count == 0 || Math.max(latest, now) >= end;
    }

    long used(Algorithm figures, long now) {
        advance(figures, now);
        return count;
    }

    /** Until the period ends, whether anything counts in it or not. */
    long left(Algorithm figures, long now) {
        advance(figures, now);
        return end - latest;
    }

    private void advance(Algorithm figures, long now) {
        latest = Math.max(latest, now);
        if (latest >= end) {
            Periods.Span span = ((Algorithm.Periodic) figures).periods().at(latest);
            start = span.start();
            end = span.end();
            count = 0;
        }
    }
}
