package dev.weir.bucket;

import java.util.Arrays;

/**
 * The state of one sliding window: a ring of {@value #CELLS} cells, each a sixtieth of the window long, with a running total.
 *
 * <p>The cell of a time {@code t} is {@code floor(t / cell)}; the ring holds the current cell {@code c} and the sixty before it,
 * {@code c - 60 .. c}, which together cover more than a window. Each remembers when it was charged last, and is forgotten whole when that is
 * a window ago. So no span of the window's length ever holds more than the limit, what was charged is forgotten at most one cell late, and
 * nobody is told to wait longer than a window. Charging, settling and asking cost amortised O(1); only the answer to "when will there be
 * room" walks the cells.
 *
 * <p>Most buckets are used only now and then, so only cells in use have a place. One word tells which, by bit {@code i} for the cell
 * {@code c - i}, so that time passes by a shift; they stand packed, oldest first, and the place of a cell is the number of older ones in
 * use. Forgetting one moves the others, 960 bytes at most. A bucket with one charge takes 104 bytes.
 *
 * <p>What a settlement charges beyond the limit is owed, see {@link Bucket#settle}. As long as something is owed, it takes what a cell
 * leaves free at the moment that the cell is forgotten, so every window pays as much as counts in one. It counts as charged sixty cells
 * after what it follows, up to 60 us from now where a window has no whole number of microseconds a cell: no two cells are paid into one.
 *
 * <p>Amounts are whole numbers whose sum stays within a long. {@code sliding_window.lua} is the same arithmetic for Redis; one file of
 * vectors holds the two together.
 */
final class SlidingWindowState implements Bucket {
    /** The current cell and sixty before it. */
    static final int CELLS = 61;

    private static final long ALL = (1L << CELLS) - 1;
    /** The newest cell and the one that will be paid into it. */
    private static final long FIRST_AND_LAST = 1L | 1L << (CELLS - 1);

    private final long cellMicros;
    private final long windowMicros;
    /** By place, the amount of a cell and the time of its last charge, one after the other. */
    private long[] cells = new long[2];

    private long inUse;
    private long latest;
    private long newest;
    private long total;
    private long debt;

    SlidingWindowState(Algorithm.SlidingWindow figures, long now) {
        this.cellMicros = figures.cellMicros();
        this.windowMicros = figures.windowMicros();
        this.latest = now;
        this.newest = now / cellMicros;
    }

    @Override
    public boolean fits(Algorithm figures, long amount, long now) {
        advance(now);
        return total + debt + Math.max(amount, 1) <= figures.most();
    }

    /** Returns the cell that was charged. */
    @Override
    public long charge(Algorithm figures, long amount, long now) {
        advance(now);
        chargeNewest(amount, latest);
        return newest;
    }

    @Override
    public void settle(Algorithm figures, long cell, long held, long used, long now) {
        advance(now);
        if (used >= held) {
            debt += used - held;
        } else if (isInUse(cell)) {
            take(placeOf(cell), held - used, bitOf(cell));
        }
        chargeDebt(figures.most());
    }

    @Override
    public void giveBack(Algorithm figures, long amount, long now) {
        advance(now);
        long left = Math.min(amount, total);
        debt -= Math.min(debt, amount - left);
        while (left > 0) {
            left -= take(0, left, Long.highestOneBit(inUse));
        }
        chargeDebt(figures.most());
    }

    @Override
    public BucketStatus level(Algorithm figures, long amount, long now) {
        advance(now);
        long wanted = Math.max(amount, 1);
        long limit = figures.most();
        return new BucketStatus(
                total + debt, resetMicros(), wanted > limit ? BucketStatus.NEVER : untilNoMoreThan(limit - wanted));
    }

    @Override
    public boolean idle(long now) {
        advance(now);
        return total == 0;
    }

    private long resetMicros() {
        if (debt > 0) {
            return untilNoMoreThan(0);
        }
        return inUse == 0 ? 0 : end(Long.bitCount(inUse) - 1) - latest;
    }

    /** Returns how long until no more than {@code enough} counts. While any is owed, every window takes away as much as counts in one. */
    private long untilNoMoreThan(long enough) {
        long tooMuch = total + debt - enough;
        if (tooMuch <= 0) {
            return 0;
        }
        long windows = (tooMuch - 1) / total;
        long left = tooMuch - windows * total;
        int place = -1;
        while (left > 0) {
            place++;
            left -= amount(place);
        }
        return endOncePaid(place) + windows * payMicros() - latest;
    }

    /** Returns when the cell will be forgotten, with what is paid into it until then. */
    private long endOncePaid(int place) {
        boolean isPaidInto = debt > 0
                && place > 0
                && (inUse & FIRST_AND_LAST) == FIRST_AND_LAST
                && place == Long.bitCount(inUse) - 1;
        return isPaidInto ? end(0) + payMicros() : end(place);
    }

    /** Returns how much later than what it follows a payment counts as charged: as many cells as are before the current one. */
    private long payMicros() {
        return (CELLS - 1) * cellMicros;
    }

    private long amount(int place) {
        return cells[2 * place];
    }

    /** Returns when the cell will be, or has been, forgotten. */
    private long end(int place) {
        return cells[2 * place + 1] + windowMicros;
    }

    private void advance(long now) {
        latest = Math.max(latest, now);
        while (debt > 0 && inUse != 0 && end(0) <= latest) {
            payWithOldest();
        }
        long current = latest / cellMicros;
        if (current > newest) {
            shiftTo(current);
        }
        while (inUse != 0 && end(0) <= latest) {
            forgetOldest(1);
            inUse ^= Long.highestOneBit(inUse);
        }
    }

    /** Lets the oldest cell go at its time, and charges what is owed with as much. */
    private void payWithOldest() {
        long paid = Math.min(debt, amount(0));
        long then = cells[1] + payMicros();
        forgetOldest(1);
        inUse ^= Long.highestOneBit(inUse);
        shiftTo(then / cellMicros);
        debt -= paid;
        chargeNewest(paid, then);
    }

    private void shiftTo(long cell) {
        long steps = cell - newest;
        long kept = steps < CELLS ? (inUse << steps) & ALL : 0;
        forgetOldest(Long.bitCount(inUse) - Long.bitCount(kept));
        inUse = kept;
        newest = cell;
    }

    /** Charges what is owed as far as there is room for it. */
    private void chargeDebt(long limit) {
        if (debt > 0) {
            long paid = Math.min(debt, Math.max(0, limit - total));
            debt = Math.min(debt - paid, Algorithm.MOST_WINDOWS_OWED * limit);
            chargeNewest(paid, latest);
        }
    }

    private void chargeNewest(long amount, long time) {
        if (amount > 0) {
            int place = placeOfNewest();
            cells[2 * place] += amount;
            cells[2 * place + 1] = Math.max(cells[2 * place + 1], time);
            total += amount;
        }
    }

    /** Takes up to an amount out of a cell, and the cell out of use where nothing is left, and returns how much. */
    private long take(int place, long amount, long bit) {
        long taken = Math.min(amount, amount(place));
        cells[2 * place] -= taken;
        total -= taken;
        if (amount(place) == 0) {
            remove(place, 1);
            inUse ^= bit;
        }
        return taken;
    }

    private void forgetOldest(int many) {
        for (int place = 0; place < many; place++) {
            total -= amount(place);
        }
        remove(0, many);
    }

    /** Removes cells and closes the gap that they leave. */
    private void remove(int place, int many) {
        int after = place + many;
        System.arraycopy(cells, 2 * after, cells, 2 * place, 2 * (Long.bitCount(inUse) - after));
    }

    /** Returns whether a cell is in use. One to come is not: it is of a bucket that was forgotten before the clock stepped back. */
    private boolean isInUse(long cell) {
        return cell <= newest && cell > newest - CELLS && (inUse & bitOf(cell)) != 0;
    }

    private int placeOf(long cell) {
        return Long.bitCount(inUse >>> (newest - cell + 1));
    }

    private long bitOf(long cell) {
        return 1L << (newest - cell);
    }

    /** Returns the place of the newest cell, after making one where there is none. */
    private int placeOfNewest() {
        int place = placeOf(newest);
        if ((inUse & 1) == 0) {
            if (2 * place == cells.length) {
                cells = Arrays.copyOf(cells, Math.min(4 * place, 2 * CELLS));
            }
            cells[2 * place] = 0;
            cells[2 * place + 1] = 0;
            inUse |= 1;
        }
        return place;
    }
}
