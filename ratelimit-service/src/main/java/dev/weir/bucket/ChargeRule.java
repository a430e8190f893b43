package dev.weir.bucket;

/** What one charge of an admission has to do with the others. */
public enum ChargeRule {
    /** Either all charges are taken or none, but for those in shadow. */
    ALL_OR_NONE,
    /** Each is taken, whether it fits or not, and whatever becomes of the others. */
    EACH,
    /** As {@link #EACH}; but where some do not fit, only those are taken. */
    MISFITS_FIRST
}
