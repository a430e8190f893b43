package dev.weir.policy;

/** Where a policy wants its buckets. */
public sealed interface StorePlace {
    /** It leaves that to the command line. */
    record Unsaid() implements StorePlace {}

    /** In memory, where every replica counts by itself. */
    record Memory() implements StorePlace {}

    /**
     * In a Redis that all replicas share.
     *
     * @param variable the environment variable that holds its URL
     * @param prefix what the names of all keys begin with; may be empty
     */
    record Redis(String variable, String prefix) implements StorePlace {}
}
