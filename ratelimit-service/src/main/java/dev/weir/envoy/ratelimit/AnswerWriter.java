package dev.weir.envoy.ratelimit;

import dev.weir.decide.Decision;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;

/** Writes a decision as a message to Envoy. Thread-safe. */
public interface AnswerWriter {
    /**
     * Writes the answer.
     *
     * @param decision allowed or refused
     * @param asked the call that it answers
     */
    RateLimitResponse write(Decision decision, RateLimitRequest asked);
}
