package dev.weir.policy;

/**
 * The form of a domain's answers to its callers.
 *
 * @param status the HTTP status of refusals, from 400 to 599, where Weir and not Envoy chooses it; {@link #BY_REASON} is one that fits the
 *     reason
 * @param longWaitMicros the wait beyond which a refusal says not to try again by oneself; {@link #NO_WAIT_IS_LONG} never says so
 */
public record Answers(Headers headers, Errors errors, int status, long longWaitMicros) {
    public static final int BY_REASON = 0;
    public static final long NO_WAIT_IS_LONG = Long.MAX_VALUE;

    /** Two minutes: the longest wait of clients that wait at all is one or two, and whoever sleeps longer seems to hang. */
    private static final long LONG_WAIT_MICROS = 120_000_000;

    public static final Answers DEFAULT = new Answers(Headers.SERVICE, Errors.OPENAI, BY_REASON, LONG_WAIT_MICROS);

    public Answers withStatus(int newStatus) {
        return new Answers(headers, errors, newStatus, longWaitMicros);
    }

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
        ANTHROPIC,
        GEMINI
    }
}
