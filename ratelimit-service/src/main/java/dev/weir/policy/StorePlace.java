package dev.weir.policy;

/** The place where a policy wants its buckets. */
public sealed interface StorePlace {
    /** Leaves that to the command line. */
    record Unsaid() implements StorePlace {}

    /** Memory, where every replica counts by itself. */
    record Memory() implements StorePlace {}

    /**
     * A Redis that all replicas share.
     *
     * @param variable the environment variable that holds its URL
     * @param prefix the beginning of the names of all keys; may be empty
     */
    record Redis(String variable, String prefix) implements StorePlace {}
}
