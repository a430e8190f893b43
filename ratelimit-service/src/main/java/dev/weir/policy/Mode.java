package dev.weir.policy;

import dev.weir.request.Attributes;

/** The mode of a limit: it refuses, or only counts and tells whom it would have refused. */
public sealed interface Mode {
    boolean enforces(Attributes attributes);

    /** Refuses. */
    record Enforced() implements Mode {
        @Override
        public boolean enforces(Attributes attributes) {
            return true;
        }
    }

    /** Refuses nobody. */
    record Shadow() implements Mode {
        @Override
        public boolean enforces(Attributes attributes) {
            return false;
        }
    }

    /** Refuses where a request has passed all limits in this mode that it comes to; in the descriptors dialect only. */
    record Quota() implements Mode {
        @Override
        public boolean enforces(Attributes attributes) {
            return true;
        }
    }

    /**
     * Refuses a share of all teams, or of whatever else an attribute names, and never a request without the attribute. The value alone
     * decides who is in a share: on all replicas, for all limits, and whoever is in a share is in every larger one.
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

        /** Applies the finalizer of MurmurHash3 (32 bits), which scatters names that differ in one letter. */
        private static int mixed(int hash) {
            int h = (hash ^ (hash >>> 16)) * 0x85ebca6b;
            h = (h ^ (h >>> 13)) * 0xc2b2ae35;
            return h ^ (h >>> 16);
        }
    }
}
