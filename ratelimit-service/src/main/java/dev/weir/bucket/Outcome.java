package dev.weir.bucket;

import java.util.List;

/** What the store answers to an {@link Admission}. Levels stand in the order of its charges. */
public sealed interface Outcome {
    /** All charges were taken. */
    record Admitted(List<BucketStatus> levels) implements Outcome {}

    /** At least one charge did not fit; none was taken. What was given back was. */
    record Refused(List<BucketStatus> levels) implements Outcome {}

    /** The store has no room for another bucket; nothing was taken. */
    record Full() implements Outcome {}
}
