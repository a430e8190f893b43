package dev.weir.bucket;

/**
 * The state of one sliding window: a ring of {@value #CELLS} cells, each a sixtieth of the window long, with a running total.
 *
 * <p>The cell of a time {@code t} is {@code floor(t / cell)}; the ring holds the current cell {@code c} and the sixty before it,
 * {@code c - 60 .. c}. Together they cover at least one whole window up to now, the oldest cell counted whole, so no span of the
 * window's length ever holds more than the limit; what was charged is forgotten at most one cell late. Charging, settling and
 * asking cost amortised O(1); only the answer to "when will there be room" walks the cells.
 *
 * <p>Times are microseconds and may not go back: an earlier time counts as the latest one seen. Amounts are whole numbers
 * whose sum stays within a long. Not thread-safe. {@code window.lua} is the same arithmetic for Redis; one file of vectors
 * holds the two together.
 */
public final class SlidingWindow {
    /** The current cell and a window of sixty. */
    public static final int CELLS = 61;

    private final long cellMicros;
    private final long[] cells = new long[CELLS];
    private long latest;
    private long newest;
    private long total;

    /** @param windowMicros the length of the window in microseconds, at least 60 */
    public SlidingWindow(long windowMicros, long now) {
        this.cellMicros = cellMicros(windowMicros);
        this.latest = now;
        this.newest = now / cellMicros;
    }

    /** Rounded up, so that sixty cells are never shorter than the window. */
    public static long cellMicros(long windowMicros) {
        return (windowMicros + CELLS - 2) / (CELLS - 1);
    }

    /** Whether {@code amount} still fits. A charge of nothing fits where one unit would: a used-up limit admits nothing. */
    public boolean fits(long amount, long limit, long now) {
        advance(now);
        return total + Math.max(amount, 1) <= limit;
    }

    /**
     * Adds {@code amount} to the current cell, whether it fits or not.
     *
     * @return the cell, to be handed to {@link #settle}
     */
    public long charge(long amount, long now) {
        advance(now);
        cells[slot(newest)] += amount;
        total += amount;
        return newest;
    }

    /**
     * Replaces an estimate by the truth. What was held too much goes back to the cell that was charged, as far as that still
     * counts; what was held too little is charged now, even above the limit.
     */
    public void settle(long cell, long held, long used, long now) {
        advance(now);
        if (used >= held) {
            charge(used - held, now);
        } else if (cell > newest - CELLS) {
            long back = Math.min(held - used, cells[slot(cell)]);
            cells[slot(cell)] -= back;
            total -= back;
        }
    }

    /** What counts at {@code now}. */
    public long used(long now) {
        advance(now);
        return total;
    }

    /** How full it is, and where {@code amount} stands with it. */
    public Level level(long amount, long limit, long now) {
        return new Level(used(now), resetMicros(now), retryMicros(amount, limit, now));
    }

    /** How long until nothing that has been charged counts any more; 0 where nothing counts. */
    long resetMicros(long now) {
        advance(now);
        for (long cell = newest; total > 0 && cell > newest - CELLS; cell--) {
            if (cells[slot(cell)] > 0) {
                return untilForgotten(cell);
            }
        }
        return 0;
    }

    /** How long until {@code amount} fits if nothing else is charged; 0 where it fits, {@link Level#NEVER} above the limit. */
    long retryMicros(long amount, long limit, long now) {
        advance(now);
        long wanted = Math.max(amount, 1);
        if (wanted > limit) {
            return Level.NEVER;
        }
        long remaining = total;
        long cell = newest - CELLS;
        while (remaining + wanted > limit) {
            cell++;
            remaining -= cells[slot(cell)];
        }
        return cell == newest - CELLS ? 0 : untilForgotten(cell);
    }

    private long untilForgotten(long cell) {
        return (cell + CELLS) * cellMicros - latest;
    }

    private void advance(long now) {
        latest = Math.max(latest, now);
        long current = latest / cellMicros;
        long steps = Math.min(current - newest, CELLS);
        for (long cell = current - steps + 1; cell <= current; cell++) {
            total -= cells[slot(cell)];
            cells[slot(cell)] = 0;
        }
        newest = current;
    }

    private static int slot(long cell) {
        return (int) Math.floorMod(cell, (long) CELLS);
    }
}
