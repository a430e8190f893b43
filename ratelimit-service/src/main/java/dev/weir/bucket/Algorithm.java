package dev.weir.bucket;

import java.util.function.LongSupplier;

/**
 * The way a bucket counts, with its figures. The figures come with every charge and are not kept in the bucket, so a limit may be raised in
 * mid-window and keeps what was used.
 */
public sealed interface Algorithm {
    /**
     * The most that a window can owe, in multiples of its limit, see {@link Bucket#settle}. What a settlement charges beyond that is
     * forgotten, so that one wrong figure of a provider shuts nobody out for ever.
     */
    long MOST_WINDOWS_OWED = 10;

    /** Returns what is written in the bucket's name: what must be the same for two charges to mean the same bucket. */
    String id();

    /** Returns the number by which Redis's scripts know it: its place in {@code ALGORITHMS} of {@code buckets.lua}, counted from 1. */
    int code();

    /**
     * Returns what the scripts count by besides the limit; the head of each script says what its figures mean.
     *
     * @param nowMicros this machine's time, for calendars, which the scripts cannot reckon
     */
    Figures figures(LongSupplier nowMicros);

    /** Returns the largest charge that an empty bucket takes. */
    long most();

    /** Opens a new, empty bucket. */
    Bucket open(long now);

    /** Four numbers, of which a script uses as many as it needs. */
    record Figures(long a, long b, long c, long d) {
        static Figures of(long a) {
            return new Figures(a, 0, 0, 0);
        }
    }

    /**
     * Allows at most {@code limit} in any span of {@code windowMicros}; see {@link SlidingWindowState}.
     *
     * @param windowMicros at least 60
     */
    record SlidingWindow(long limit, long windowMicros) implements Algorithm {
        /** The number of cells that count: a whole window up to now, and the cell that the window begins in. */
        public static final int CELLS = SlidingWindowState.CELLS;

        /** Returns a sixtieth of the window, rounded up, so that sixty cells are never shorter than the window. */
        public long cellMicros() {
            return (windowMicros + SlidingWindowState.CELLS - 2) / (SlidingWindowState.CELLS - 1);
        }

        @Override
        public int code() {
            return 1;
        }

        @Override
        public Figures figures(LongSupplier nowMicros) {
            return new Figures(cellMicros(), windowMicros, 0, 0);
        }

        @Override
        public String id() {
            return "sliding_window/" + windowMicros;
        }

        @Override
        public long most() {
            return limit;
        }

        @Override
        public Bucket open(long now) {
            return new SlidingWindowState(this, now);
        }
    }

    /**
     * Allows at most {@code burst + rate x t} in any span {@code t}; see {@link TokenBucketState}.
     *
     * @param sharesPerMicro {@code p} of the rate {@code p / q} in lowest terms: the shares that flow back in a microsecond
     * @param sharesPerUnit {@code q}: the shares of one unit
     * @param burst what a full bucket holds
     */
    record TokenBucket(long sharesPerMicro, long sharesPerUnit, long windowMicros, long burst) implements Algorithm {
        /** @param amount what flows back in a window, at least 1 */
        public static TokenBucket of(long amount, long windowMicros, long burst) {
            if (amount < 1 || windowMicros < 1) {
                throw new IllegalArgumentException(amount + " in " + windowMicros + " us");
            }
            long gcd = gcd(amount, windowMicros);
            return new TokenBucket(amount / gcd, windowMicros / gcd, windowMicros, burst);
        }

        private static long gcd(long a, long b) {
            return b == 0 ? a : gcd(b, a % b);
        }

        @Override
        public int code() {
            return 2;
        }

        @Override
        public Figures figures(LongSupplier nowMicros) {
            return new Figures(sharesPerMicro, sharesPerUnit, 0, 0);
        }

        @Override
        public String id() {
            return "token_bucket/" + windowMicros;
        }

        @Override
        public long most() {
            return burst;
        }

        @Override
        public Bucket open(long now) {
            return new TokenBucketState(this, now);
        }
    }

    /** An algorithm that begins anew with every period. */
    sealed interface Periodic extends Algorithm {
        Periods periods();
    }

    /** Allows at most {@code limit} in every period, all of it again when the next one begins; see {@link FixedWindowState}. */
    record FixedWindow(long limit, Periods periods) implements Periodic {
        @Override
        public int code() {
            return 3;
        }

        @Override
        public Figures figures(LongSupplier nowMicros) {
            return periods.figures(nowMicros);
        }

        @Override
        public String id() {
            return "fixed_window/" + periods.id();
        }

        @Override
        public long most() {
            return limit;
        }

        @Override
        public Bucket open(long now) {
            return new FixedWindowState(now);
        }
    }

    /** A {@link FixedWindow} as envoyproxy/ratelimit counts it; see {@link CounterState}. */
    record Counter(long limit, Periods.Every periods) implements Periodic {
        @Override
        public int code() {
            return 5;
        }

        @Override
        public Figures figures(LongSupplier nowMicros) {
            return periods.figures(nowMicros);
        }

        @Override
        public String id() {
            return "counting/" + periods.id();
        }

        @Override
        public long most() {
            return limit;
        }

        @Override
        public Bucket open(long now) {
            return new CounterState(now);
        }
    }

    /**
     * Allows at most {@code limit} at the same time; see {@link Slots}.
     *
     * @param leaseMicros how long a slot is kept without a sign of life
     */
    record Parallel(long limit, long leaseMicros) implements Algorithm {
        @Override
        public int code() {
            return 4;
        }

        @Override
        public Figures figures(LongSupplier nowMicros) {
            return Figures.of(leaseMicros);
        }

        @Override
        public String id() {
            return "parallel";
        }

        @Override
        public long most() {
            return limit;
        }

        @Override
        public Bucket open(long now) {
            return new Slots(now);
        }
    }

    /** Allows everything. Nothing is counted, so no bucket is ever asked. */
    record Unlimited() implements Algorithm {
        private static final String NO_BUCKET = "what is unlimited has no bucket";

        @Override
        public int code() {
            throw new IllegalStateException(NO_BUCKET);
        }

        @Override
        public Figures figures(LongSupplier nowMicros) {
            throw new IllegalStateException(NO_BUCKET);
        }

        @Override
        public String id() {
            return "unlimited";
        }

        @Override
        public long most() {
            return Long.MAX_VALUE;
        }

        @Override
        public Bucket open(long now) {
            throw new IllegalStateException(NO_BUCKET);
        }
    }
}
