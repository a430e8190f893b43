package dev.weir.policy;

/** The answer of a domain when the store was not asked because it would not have answered in time. */
public enum Overload {
    /** An error, so that Envoy's failure mode decides about the request. */
    ERROR,
    /** A refusal, to be tried again soon. */
    REFUSE,
    /** The request passes, and no limit counts it. */
    ALLOW
}
