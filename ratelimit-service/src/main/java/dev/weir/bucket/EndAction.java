package dev.weir.bucket;

/** What becomes of a charge when the request that was charged has ended. */
public enum EndAction {
    /** It stays: a request that was made was made. Only what never was is given back, see {@link Usage#UNDONE}. */
    KEEP,
    /** It was an estimate and is replaced by what was used; it stays where that is not known. */
    SETTLE,
    /** It is given back: it counted only while the request ran. */
    RELEASE
}
