package dev.weir.bucket;

import java.util.List;

/** An answer of the store to an {@link Admission}. Levels stand in the order of its charges. */
public sealed interface Outcome {
    /** The charges were taken as their {@link ChargeRule} says. */
    record Admitted(List<BucketStatus> levels) implements Outcome {}

    /** Nothing was taken, because at least one charge did not fit. What was given back was given back all the same. */
    record Refused(List<BucketStatus> levels) implements Outcome {}

    /** The store has no room for another bucket; nothing was taken. */
    record Full() implements Outcome {}
}
