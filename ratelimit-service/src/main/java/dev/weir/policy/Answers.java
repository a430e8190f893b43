package dev.weir.policy;

/**
 * The form of a domain's answers to its callers.
 *
 * @param status the HTTP status of refusals, from 400 to 599, where Weir and not Envoy chooses it
 */
public record Answers(Headers headers, Errors errors, int status) {
    public static final Answers DEFAULT = new Answers(Headers.SERVICE, Errors.OPENAI, 429);

    /** The source of the headers that say how much is left. */
    public enum Headers {
        /** Weir, with every answer. */
        SERVICE,
        /** Envoy, from the figures in Weir's answers. */
        ENVOY,
        /** Nobody; refusals still say when to try again. */
        NONE
    }

    /** The provider whose clients must be able to read the body of a refusal. */
    public enum Errors {
        OPENAI,
        ANTHROPIC
    }
}
