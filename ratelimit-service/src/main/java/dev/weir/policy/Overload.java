package dev.weir.policy;

/** What a domain answers when the store would not answer in time and was not asked. */
public enum Overload {
    /** An error, so that Envoy's failure mode decides about the request. */
    ERROR,
    /** A refusal, to be tried again soon. */
    REFUSE,
    /** The request passes, and no limit counts it. */
    ALLOW
}
