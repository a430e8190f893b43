package dev.weir.bucket;

import dev.weir.measure.Amounts;
import dev.weir.measure.Measure;

/** The usage of a request, as far as it is known at its end. */
public sealed interface Usage {
    /** The estimates stand. */
    Usage UNKNOWN = new Unknown();

    /** The request never was: all that it was charged is given back, including what otherwise stays. */
    Usage UNDONE = new Undone();

    /** @param tokens from 0 to 2^53 - 1 */
    static Usage of(long tokens) {
        return new Known(Amounts.of(Measure.TOKENS, tokens));
    }

    /** Returns whether it says anything about a measure; where it does not, charges of it stand as they are. */
    boolean tells(Measure measure);

    /** Returns what a charge of a measure comes to if it held an estimate. */
    long insteadOf(Measure measure, long estimate);

    record Unknown() implements Usage {
        @Override
        public boolean tells(Measure measure) {
            return false;
        }

        @Override
        public long insteadOf(Measure measure, long estimate) {
            return estimate;
        }
    }

    record Undone() implements Usage {
        @Override
        public boolean tells(Measure measure) {
            return true;
        }

        @Override
        public long insteadOf(Measure measure, long estimate) {
            return 0;
        }
    }

    /** The amounts that are known; where that of a measure is not, its estimates stand. */
    record Known(Amounts amounts) implements Usage {
        @Override
        public boolean tells(Measure measure) {
            return amounts.of(measure) != Amounts.UNKNOWN;
        }

        @Override
        public long insteadOf(Measure measure, long estimate) {
            long amount = amounts.of(measure);
            return amount == Amounts.UNKNOWN ? estimate : amount;
        }
    }

    /** {@code tokens} less than was estimated, but not below nothing; other estimates stand. */
    record Less(long tokens) implements Usage {
        @Override
        public boolean tells(Measure measure) {
            return measure == Measure.TOKENS;
        }

        @Override
        public long insteadOf(Measure measure, long estimate) {
            return measure == Measure.TOKENS ? Math.max(0, estimate - tokens) : estimate;
        }
    }
}
