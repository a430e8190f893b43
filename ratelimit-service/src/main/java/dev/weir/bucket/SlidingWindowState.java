package dev.weir.bucket;

import java.util.Arrays;

/**
 * The state of one sliding window: a ring of {@value #CELLS} cells, each a sixtieth of the window long, with a running total.
 *
 * <p>The cell of a time {@code t} is {@code floor(t / cell)}; the ring holds the current cell {@code c} and the sixty before it,
 * {@code c - 60 .. c}. Together they cover at least one whole window up to now, the oldest cell counted whole, so no span of the window's
 * length ever holds more than the limit; what was charged is forgotten at most one cell late. Charging, settling and asking cost amortised
 * O(1); only the answer to "when will there be room" walks the cells.
 *
 * <p>Most buckets are used only now and then, so only cells in use have a place. One word tells which, by bit {@code i} for the cell
 * {@code c - i}, so that time passes by a shift; their amounts stand packed, oldest first, and the place of a cell is the number of older
 * ones in use. Forgetting one moves the others, 480 bytes at most. A bucket with one charge takes 88 bytes, a full one no more than a plain
 * array would.
 *
 * <p>What a settlement charges beyond the limit is owed, see {@link Bucket#settle}. As long as something is owed, it takes what a cell
 * leaves free at the moment that the cell is forgotten, so every window pays as much as counts in one.
 *
 * <p>Amounts are whole numbers whose sum stays within a long. {@code sliding_window.lua} is the same arithmetic for Redis; one file of
 * vectors holds the two together.
 */
final class SlidingWindowState implements Bucket {
    /** The current cell and a window of sixty. */
    static final int CELLS = 61;

    private static final long ALL = (1L << CELLS) - 1;

    private final long cellMicros;
    private long[] amounts = new long[1];
    private long inUse;
    private long latest;
    private long newest;
    private long total;
    private long debt;

    SlidingWindowState(Algorithm.SlidingWindow figures, long now) {
        this.cellMicros = figures.cellMicros();
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
        chargeNewest(amount);
        return newest;
    }

    @Override
    public void settle(Algorithm figures, long cell, long held, long used, long now) {
        advance(now);
        if (used >= held) {
            debt += used - held;
        } else if (isInUse(cell)) {
            int place = placeOf(cell);
            long back = Math.min(held - used, amounts[place]);
            amounts[place] -= back;
            total -= back;
            if (amounts[place] == 0) {
                remove(place, 1);
                inUse ^= bitOf(cell);
            }
        }
        chargeDebt(figures.most());
    }

    @Override
    public void giveBack(Algorithm figures, long amount, long now) {
        advance(now);
        long left = Math.min(amount, total);
        debt -= Math.min(debt, amount - left);
        while (left > 0) {
            long back = Math.min(left, amounts[0]);
            amounts[0] -= back;
            total -= back;
            left -= back;
            if (amounts[0] == 0) {
                remove(0, 1);
                inUse ^= Long.highestOneBit(inUse);
            }
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
        return inUse == 0 ? 0 : untilForgotten(Long.lowestOneBit(inUse));
    }

    /** Returns how long until no more than {@code enough} counts. While any is owed, every window takes away as much as counts in one. */
    private long untilNoMoreThan(long enough) {
        long tooMuch = total + debt - enough;
        if (tooMuch <= 0) {
            return 0;
        }
        long windows = (tooMuch - 1) / total;
        long left = tooMuch - windows * total;
        long younger = inUse;
        long oldest = 0;
        for (int place = 0; left > 0; place++) {
            left -= amounts[place];
            oldest = Long.highestOneBit(younger);
            younger ^= oldest;
        }
        return untilForgotten(oldest) + windows * CELLS * cellMicros;
    }

    private long untilForgotten(long bit) {
        long cell = newest - Long.numberOfTrailingZeros(bit);
        return (cell + CELLS) * cellMicros - latest;
    }

    private void advance(long now) {
        latest = Math.max(latest, now);
        long current = latest / cellMicros;
        while (debt > 0 && newest < current) {
            nextCellInDebt();
        }
        if (current > newest) {
            long steps = current - newest;
            long kept = steps < CELLS ? (inUse << steps) & ALL : 0;
            forgetOldest(Long.bitCount(inUse) - Long.bitCount(kept));
            inUse = kept;
            newest = current;
        }
    }

    private void nextCellInDebt() {
        boolean forgets = (inUse & bitOf(newest - CELLS + 1)) != 0;
        long paid = forgets ? Math.min(debt, amounts[0]) : 0;
        if (forgets) {
            forgetOldest(1);
        }
        newest++;
        inUse = (inUse << 1) & ALL;
        debt -= paid;
        chargeNewest(paid);
    }

    /** Charges what is owed as far as there is room for it. */
    private void chargeDebt(long limit) {
        if (debt > 0) {
            long paid = Math.min(debt, Math.max(0, limit - total));
            debt = Math.min(debt - paid, Algorithm.MOST_WINDOWS_OWED * limit);
            chargeNewest(paid);
        }
    }

    private void chargeNewest(long amount) {
        if (amount > 0) {
            int place = placeOfNewest();
            amounts[place] += amount;
            total += amount;
        }
    }

    private void forgetOldest(int many) {
        for (int place = 0; place < many; place++) {
            total -= amounts[place];
        }
        remove(0, many);
    }

    /** Removes amounts and closes the gap that they leave. */
    private void remove(int place, int many) {
        int after = place + many;
        System.arraycopy(amounts, after, amounts, place, Long.bitCount(inUse) - after);
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
            if (place == amounts.length) {
                amounts = Arrays.copyOf(amounts, Math.min(2 * place, CELLS));
            }
            amounts[place] = 0;
            inUse |= 1;
        }
        return place;
    }
}
