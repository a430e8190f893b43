package dev.weir.policy;

/**
 * How a domain answers its callers.
 *
 * @param status of HTTP for refusals, where Weir and not Envoy chooses it; from 400 to 599
 */
public record Answers(Headers headers, Errors errors, int status) {
    public static final Answers DEFAULT = new Answers(Headers.SERVICE, Errors.OPENAI, 429);

    /** Who tells callers how much is left. */
    public enum Headers {
        /** Weir, with every answer. */
        SERVICE,
        /** Envoy, from the figures in Weir's answers. */
        ENVOY,
        /** Nobody; refusals still say when to try again. */
        NONE
    }

    /** Whose clients must be able to read the body of a refusal. */
    public enum Errors {
        OPENAI,
        ANTHROPIC
    }
}
