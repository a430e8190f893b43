package dev.weir.bucket;

/** The fate of a charge when the request that was charged has ended. */
public enum EndAction {
    /** The charge stays: a request that was made was made. Only one that never was is given back, see {@link Usage#UNDONE}. */
    KEEP,
    /** The charge was an estimate and is replaced by what was used; it stays where that is not known. */
    SETTLE,
    /** The charge is given back: it counted only while the request ran. */
    RELEASE
}
