package dev.weir.policy;

import dev.weir.request.Attributes;

/** Whether a limit refuses, or only counts and tells whom it would have refused. */
public sealed interface Mode {
    boolean enforces(Attributes attributes);

    /** It refuses. */
    record Enforced() implements Mode {
        @Override
        public boolean enforces(Attributes attributes) {
            return true;
        }
    }

    /** It refuses nobody. */
    record Shadow() implements Mode {
        @Override
        public boolean enforces(Attributes attributes) {
            return false;
        }
    }

    /** Only of the descriptors dialect: it refuses where all limits in this mode that a request comes to are passed. */
    record Quota() implements Mode {
        @Override
        public boolean enforces(Attributes attributes) {
            return true;
        }
    }

    /**
     * It refuses a share of all teams, or of whatever else an attribute names; requests without the attribute it never refuses. Who is in
     * a share follows from the value alone: on all replicas, for all limits, and whoever is in a share is in every larger one.
     *
     * @param basisPoints hundredths of a percent, from 0 to 10,000
     */
    record Share(int basisPoints, String attribute) implements Mode {
        private static final int ALL = 10_000;

        @Override
        public boolean enforces(Attributes attributes) {
            String value = attributes.get(attribute);
            return value != null && Integer.remainderUnsigned(mixed(value.hashCode()), ALL) < basisPoints;
        }

        /** The finalizer of MurmurHash3 (32 bits): names that differ in one letter come to lie anywhere. */
        private static int mixed(int hash) {
            int h = (hash ^ (hash >>> 16)) * 0x85ebca6b;
            h = (h ^ (h >>> 13)) * 0xc2b2ae35;
            return h ^ (h >>> 16);
        }
    }
}
