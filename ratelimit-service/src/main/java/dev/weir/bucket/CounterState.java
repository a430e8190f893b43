package dev.weir.bucket;

/**
 * A fixed window as envoyproxy/ratelimit counts it: a charge of nothing fits as long as the limit is not passed, even at 20 of 20, and an
 * empty one resets at the end of its period like any other; nothing is owed after that. {@code counter.lua} is the same arithmetic for
 * Redis.
 */
final class CounterState implements Bucket {
    private final FixedWindowState window;

    CounterState(long now) {
        window = new FixedWindowState(now);
    }

    @Override
    public boolean fits(Algorithm figures, long amount, long now) {
        return window.used(figures, now) + amount <= figures.most();
    }

    @Override
    public long charge(Algorithm figures, long amount, long now) {
        return window.charge(figures, amount, now);
    }

    @Override
    public void settle(Algorithm figures, long charged, long held, long used, long now) {
        if (used > held) {
            window.charge(figures, used - held, now);
        } else {
            window.settle(figures, charged, held, used, now);
        }
    }

    @Override
    public void giveBack(Algorithm figures, long amount, long now) {
        window.giveBack(figures, amount, now);
    }

    @Override
    public BucketStatus level(Algorithm figures, long amount, long now) {
        long left = window.left(figures, now);
        long retry = amount > figures.most() ? BucketStatus.NEVER : fits(figures, amount, now) ? 0 : left;
        return new BucketStatus(window.used(figures, now), left, retry);
    }

    @Override
    public boolean idle(long now) {
        return window.idle(now);
    }
}
