package dev.weir.bucket;

import dev.weir.measure.Amounts;
import dev.weir.measure.Measure;

/** What is known at the end of a request about what it used. */
public sealed interface Usage {
    /** The estimates stand. */
    Usage UNKNOWN = new Unknown();

    /** The request never was: all that it was charged is given back, what stays included. */
    Usage UNDONE = new Undone();

    /** @param tokens from 0 to 2^53 - 1 */
    static Usage of(long tokens) {
        return new Known(Amounts.of(Measure.TOKENS, tokens));
    }

    /** Whether it says anything of a measure; where it does not, charges of it stand as they are. */
    boolean tells(Measure measure);

    /** What a charge of a measure comes to that held an estimate. */
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

    /** Where the amount of a measure is not known its estimates stand. */
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
