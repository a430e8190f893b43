package dev.weir.bucket;

import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * The state of one limit on parallel requests: who holds a slot, and until when. A slot is freed by its mark, so freeing it twice
 * frees nobody else's; one that is never freed expires. {@code slots.lua} is the same for Redis, with a sorted set.
 */
final class Slots implements Bucket {
    /** Nobody knows when a request will end; whoever is refused may ask again after this long. */
    static final long RETRY_MICROS = 1_000_000;

    /** When each slot expires, by mark, oldest first. */
    private final TreeMap<Long, Long> expiries = new TreeMap<>();

    private long latest;
    private long lastMark;
    private long lastExpiry;

    Slots(long now) {
        this.latest = now;
    }

    @Override
    public boolean fits(Algorithm figures, long amount, long now) {
        expire(now);
        return expiries.size() + Math.max(amount, 1) <= figures.most();
    }

    /** Answers the mark of the slot. A request holds one slot, whatever the amount; none where it is 0. */
    @Override
    public long charge(Algorithm figures, long amount, long now) {
        expire(now);
        if (amount > 0) {
            lastMark++;
            lastExpiry = Math.max(lastExpiry, latest + ((Algorithm.Parallel) figures).expiryMicros());
            expiries.put(lastMark, lastExpiry);
        }
        return lastMark;
    }

    @Override
    public void settle(Algorithm figures, long mark, long held, long used, long now) {
        expire(now);
        if (used == 0 && held > 0) {
            expiries.remove(mark);
        }
    }

    @Override
    public Level level(Algorithm figures, long amount, long now) {
        boolean fits = fits(figures, amount, now);
        long retry = Math.max(amount, 1) > figures.most() ? Level.NEVER : fits ? 0 : RETRY_MICROS;
        Map.Entry<Long, Long> last = expiries.lastEntry();
        return new Level(expiries.size(), last == null ? 0 : last.getValue() - latest, retry);
    }

    @Override
    public boolean idle(long now) {
        expire(now);
        return expiries.isEmpty();
    }

    /** Slots expire in the order in which they were taken. */
    private void expire(long now) {
        latest = Math.max(latest, now);
        Iterator<Long> oldest = expiries.values().iterator();
        while (oldest.hasNext() && oldest.next() <= latest) {
            oldest.remove();
        }
    }
}
