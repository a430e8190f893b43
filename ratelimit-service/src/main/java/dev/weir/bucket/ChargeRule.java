package dev.weir.bucket;

/** A rule for what one charge of an admission has to do with the others. */
public enum ChargeRule {
    /** All charges are taken or none, except those in shadow. */
    ALL_OR_NONE,
    /** Each charge is taken, whether or not it fits and whatever becomes of the others. */
    EACH,
    /** Charges are taken as by {@link #EACH}, but where some do not fit, only those are. */
    MISFITS_FIRST
}
