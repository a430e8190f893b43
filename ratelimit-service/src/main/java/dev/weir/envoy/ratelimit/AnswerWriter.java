package dev.weir.envoy.ratelimit;

import dev.weir.decide.Decision;

/** Writes a decision as Envoy's {@code RateLimitResponse}. Thread-safe. */
public interface AnswerWriter {
    /**
     * Writes the answer.
     *
     * @param decision allowed or refused
     * @param asked the call that it answers
     */
    byte[] write(Decision decision, RateLimitCall asked);
}
