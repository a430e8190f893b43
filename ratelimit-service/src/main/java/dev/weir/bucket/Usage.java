package dev.weir.bucket;

/** What is known at the end of a request about what it used. */
public sealed interface Usage {
    /** The estimate stands. */
    Usage UNKNOWN = new Unknown();

    /** The request never was: all that it was charged is given back, what stays included. */
    Usage UNDONE = new Undone();

    /** @param amount from 0 to 2^53 - 1 */
    static Usage of(long amount) {
        return new Known(amount);
    }

    /** What a charge comes to that held an estimate. */
    long insteadOf(long estimate);

    record Unknown() implements Usage {
        @Override
        public long insteadOf(long estimate) {
            return estimate;
        }
    }

    record Undone() implements Usage {
        @Override
        public long insteadOf(long estimate) {
            return 0;
        }
    }

    record Known(long amount) implements Usage {
        @Override
        public long insteadOf(long estimate) {
            return amount;
        }
    }

    /** {@code amount} less than was estimated, but not below nothing. */
    record Less(long amount) implements Usage {
        @Override
        public long insteadOf(long estimate) {
            return Math.max(0, estimate - amount);
        }
    }
}
