package dev.weir.bucket;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The state of one limit on parallel requests: who holds a slot, and until when. A slot is freed by its mark, so freeing it twice frees
 * nobody else's; a slot without a sign of life expires, and is taken again at the next one. {@code slots.lua} is the same for Redis, with a
 * sorted set.
 */
final class Slots implements Bucket {
    /** The time after which whoever is refused may ask again: nobody knows when a request will end. */
    static final long RETRY_MICROS = 1_000_000;

    private record Slot(long expiry, long mark) {}

    private final TreeSet<Slot> firstToExpireFirst =
            new TreeSet<>(Comparator.comparingLong(Slot::expiry).thenComparingLong(Slot::mark));
    private final Map<Long, Slot> byMark = new HashMap<>();
    private long latest;
    /** The last mark, which begins with the time, so that a bucket that was forgotten and opened again gives no mark twice. */
    private long lastMark;

    Slots(long now) {
        this.latest = now;
        this.lastMark = now;
    }

    @Override
    public boolean fits(Algorithm figures, long amount, long now) {
        expire(now);
        return byMark.size() + Math.max(amount, 1) <= figures.most();
    }

    /** Returns the mark of the slot. A request holds one slot, whatever the amount; none where it is 0. */
    @Override
    public long charge(Algorithm figures, long amount, long now) {
        expire(now);
        if (amount > 0) {
            lastMark++;
            take(figures, lastMark);
        }
        return lastMark;
    }

    private void take(Algorithm figures, long mark) {
        Slot slot = new Slot(latest + ((Algorithm.Parallel) figures).leaseMicros(), mark);
        firstToExpireFirst.add(slot);
        byMark.put(mark, slot);
    }

    @Override
    public void settle(Algorithm figures, long mark, long held, long used, long now) {
        expire(now);
        if (used == 0 && held > 0) {
            free(mark);
        }
    }

    /** Does nothing: nobody knows whose slot that would be. */
    @Override
    public void giveBack(Algorithm figures, long amount, long now) {}

    @Override
    public void renew(Algorithm figures, long mark, long now) {
        expire(now);
        free(mark);
        take(figures, mark);
    }

    @Override
    public int releaseAll(long now) {
        expire(now);
        int taken = byMark.size();
        byMark.clear();
        firstToExpireFirst.clear();
        return taken;
    }

    @Override
    public BucketStatus level(Algorithm figures, long amount, long now) {
        boolean fits = fits(figures, amount, now);
        long retry = Math.max(amount, 1) > figures.most() ? BucketStatus.NEVER : fits ? 0 : RETRY_MICROS;
        return new BucketStatus(
                byMark.size(), byMark.isEmpty() ? 0 : firstToExpireFirst.last().expiry() - latest, retry);
    }

    @Override
    public boolean idle(long now) {
        expire(now);
        return byMark.isEmpty();
    }

    private void free(long mark) {
        Slot slot = byMark.remove(mark);
        if (slot != null) {
            firstToExpireFirst.remove(slot);
        }
    }

    private void expire(long now) {
        latest = Math.max(latest, now);
        while (!byMark.isEmpty() && firstToExpireFirst.first().expiry() <= latest) {
            byMark.remove(firstToExpireFirst.pollFirst().mark());
        }
    }
}
