package dev.weir.identity;

/** The result of looking up a request's credential. */
public sealed interface Identification {
    record Known(Caller caller) implements Identification {}

    /** The request carries no credential. */
    record NoCredential() implements Identification {}

    /** The credential is nobody's. */
    record UnknownCredential() implements Identification {}

    /** The credential is {@code caller}'s, but must not be used. */
    record Disabled(Caller caller) implements Identification {}
}
