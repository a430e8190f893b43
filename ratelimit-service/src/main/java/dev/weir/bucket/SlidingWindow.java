package dev.weir.bucket;

/**
 * The state of one sliding window: a ring of {@value #CELLS} cells, each a sixtieth of the window long, with a running total.
 *
 * <p>The cell of a time {@code t} is {@code floor(t / cell)}; the ring holds the current cell {@code c} and the sixty before it,
 * {@code c - 60 .. c}. Together they cover at least one whole window up to now, the oldest cell counted whole, so no span of the
 * window's length ever holds more than the limit; what was charged is forgotten at most one cell late. Charging, settling and
 * asking cost amortised O(1); only the answer to "when will there be room" walks the cells.
 *
 * <p>Amounts are whole numbers whose sum stays within a long. {@code sliding_window.lua} is the same arithmetic for Redis; one
 * file of vectors holds the two together.
 */
final class SlidingWindow implements Bucket {
    /** The current cell and a window of sixty. */
    static final int CELLS = 61;

    private final long cellMicros;
    private final long[] cells = new long[CELLS];
    private long latest;
    private long newest;
    private long total;

    SlidingWindow(Algorithm.Sliding figures, long now) {
        this.cellMicros = figures.cellMicros();
        this.latest = now;
        this.newest = now / cellMicros;
    }

    @Override
    public boolean fits(Algorithm figures, long amount, long now) {
        advance(now);
        return total + Math.max(amount, 1) <= figures.most();
    }

    /** Answers the cell that was charged. */
    @Override
    public long charge(Algorithm figures, long amount, long now) {
        advance(now);
        cells[slot(newest)] += amount;
        total += amount;
        return newest;
    }

    @Override
    public void settle(Algorithm figures, long cell, long held, long used, long now) {
        advance(now);
        if (used >= held) {
            charge(figures, used - held, now);
        } else if (cell > newest - CELLS) {
            long back = Math.min(held - used, cells[slot(cell)]);
            cells[slot(cell)] -= back;
            total -= back;
        }
    }

    @Override
    public void giveBack(Algorithm figures, long amount, long now) {
        advance(now);
        long left = Math.min(amount, total);
        for (long cell = newest - CELLS + 1; left > 0; cell++) {
            long back = Math.min(left, cells[slot(cell)]);
            cells[slot(cell)] -= back;
            total -= back;
            left -= back;
        }
    }

    @Override
    public Level level(Algorithm figures, long amount, long now) {
        advance(now);
        return new Level(total, resetMicros(), retryMicros(amount, figures.most()));
    }

    @Override
    public boolean idle(long now) {
        advance(now);
        return total == 0;
    }

    private long resetMicros() {
        for (long cell = newest; total > 0 && cell > newest - CELLS; cell--) {
            if (cells[slot(cell)] > 0) {
                return untilForgotten(cell);
            }
        }
        return 0;
    }

    private long retryMicros(long amount, long limit) {
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
