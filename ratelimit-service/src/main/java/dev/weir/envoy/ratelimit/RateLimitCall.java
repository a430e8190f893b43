package dev.weir.envoy.ratelimit;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.request.Request;
import dev.weir.wire.RateLimitRequest;

/**
 * A call that was understood.
 *
 * @param bytes as it stands on the wire
 * @param descriptors the number that it has, settlements included; each gets a status
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares calls.
public record RateLimitCall(byte[] bytes, Request request, int descriptors) {
    /** Returns the whole message, parsed once more: for those few answers that repeat what was asked. */
    public RateLimitRequest message() {
        try {
            return RateLimitRequest.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("it was read before", e);
        }
    }
}
