package dev.weir.envoy;

import com.google.protobuf.UInt64Value;
import dev.weir.wire.Descriptor;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import java.time.Duration;

/** What a user has used of {@link #POLICY}, by the word of the service. The user's key and service bear the user's name. */
record Used(long requests, long tokens, long slots) {
    static final Used NOTHING = new Used(0, 0, 0);

    static final String POLICY = """
            domain: llm
            limits:
              - {name: key-requests, tier: key, per: [key], allow: 3 requests / 1h}
              - {name: user-tokens, tier: user, per: [user], allow: 10k tokens / 1h, estimate: 300, bytes_per_token: none}
              - {name: service-parallel, tier: key, per: [service], allow: 3 parallel}
            """;

    /** The same, charged by external authorization. */
    static final String ADMITTING_POLICY = POLICY.replace("limits:", "admit: true\nlimits:");

    /** The tokens of a prompt by the size of its body, where a limit holds them as it does unless it is told otherwise. */
    static long promptOf(String body) {
        return (body.length() + 3L) / 4;
    }

    static Used by(String user, Calls service) {
        RateLimitResponse answer = ask(user, service);
        return new Used(used(answer.getStatuses(0)), used(answer.getStatuses(1)), used(answer.getStatuses(2)));
    }

    /** How long it takes until a slot that the user holds expires, if nobody tells of its end. Takes the others. */
    static Duration untilSlotExpires(String user, Calls service) {
        RateLimitRequest another = Calls.request("llm", Calls.descriptor("service", user));
        RateLimitResponse answer = service.ask(another);
        while (answer.getOverallCode() == Code.OK) {
            answer = service.ask(another);
        }
        return Duration.ofSeconds(answer.getStatuses(0).getDurationUntilReset().getSeconds());
    }

    private static RateLimitResponse ask(String user, Calls service) {
        return service.ask(Calls.request("llm", asking("key", user), asking("user", user), asking("service", user)));
    }

    /** Without taking anything. */
    private static Descriptor.Builder asking(String attribute, String value) {
        return Calls.descriptor(attribute, value).setHitsAddend(UInt64Value.of(0));
    }

    private static long used(DescriptorStatus status) {
        return (long) status.getCurrentLimit().getRequestsPerUnit() - status.getLimitRemaining();
    }
}
