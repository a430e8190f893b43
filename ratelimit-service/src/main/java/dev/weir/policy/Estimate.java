package dev.weir.policy;

/**
 * An estimate that a limit on tokens holds until it learns what was used: an amount for the answer, and the prompt by its size.
 *
 * @param amount for answers to requests that do not say how much they may use
 * @param after whether nothing is held, whatever a request says, and all is charged at its end
 * @param bytesPerToken how many bytes of the body are a token of the prompt, from 1 on; {@link #NOT_HELD} where prompts are not held
 */
public record Estimate(long amount, boolean after, long bytesPerToken) {
    public static final long DEFAULT_BYTES_PER_TOKEN = 4;
    public static final long NOT_HELD = 0;

    public static final Estimate NONE = new Estimate(0, false);

    /** Makes an estimate with as many bytes per token as English text has. */
    public Estimate(long amount, boolean after) {
        this(amount, after, DEFAULT_BYTES_PER_TOKEN);
    }
}
