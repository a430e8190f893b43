package dev.weir.policy;

/**
 * What a limit on tokens holds until it learns what was used: so much for the answer, and the prompt by its size.
 *
 * @param amount for answers of requests that do not say how much they may use
 * @param after hold nothing, whatever a request says: all is charged at its end
 * @param bytesPerToken how many bytes of the body are a token of the prompt, from 1 on; {@link #NOT_HELD} where prompts are not held
 */
public record Estimate(long amount, boolean after, long bytesPerToken) {
    public static final long DEFAULT_BYTES_PER_TOKEN = 4;
    public static final long NOT_HELD = 0;

    public static final Estimate NONE = new Estimate(0, false);

    /** One with as many bytes per token as English text has. */
    public Estimate(long amount, boolean after) {
        this(amount, after, DEFAULT_BYTES_PER_TOKEN);
    }
}
