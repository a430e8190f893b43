package dev.weir.tools.check;

import com.google.protobuf.ByteString;
import com.google.protobuf.UInt64Value;
import com.google.protobuf.Value;
import dev.weir.envoy.call.WireMessage;
import dev.weir.envoy.call.WireMethods;
import dev.weir.request.Attributes;
import dev.weir.request.ReservedNames;
import dev.weir.wire.Descriptor;
import dev.weir.wire.Entry;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Asks a service as Envoy does, for people who want to see what it answers. */
public final class RateLimitProbe {
    /**
     * The answer of a service.
     *
     * @param headers those for the caller, in the order of the answer; of two with the same name the first
     * @param body the body of a refusal; empty where there is none
     */
    public record Answer(boolean allowed, Map<String, String> headers, String body) {}

    private RateLimitProbe() {}

    /**
     * Asks any service that speaks Envoy's protocol.
     *
     * @param hits 0 asks whether there is room and takes none
     * @throws IOException if nobody answers, or answers that it cannot, or a file of the target's TLS cannot be used
     */
    public static Answer ask(ServiceTarget target, String domain, Attributes attributes, int hits) throws IOException {
        try (ServiceChannel service = new ServiceChannel(target)) {
            RateLimitResponse response = call(service, request(domain, attributes, hits));
            String reservation = response.getDynamicMetadata()
                    .getFieldsOrDefault(ReservedNames.METADATA_RESERVATION, Value.getDefaultInstance())
                    .getStringValue();
            if (!reservation.isEmpty()) {
                call(service, request(domain, release(reservation), 0));
            }
            return answer(response);
        }
    }

    private static RateLimitResponse call(ServiceChannel service, RateLimitRequest request) throws IOException {
        return service.call(WireMethods.SHOULD_RATE_LIMIT, new WireMessage<>(request, ""));
    }

    /** Returns the attributes that end the request: nothing is under way, so no slot should stay taken until it expires. */
    private static Attributes release(String reservation) {
        return Attributes.of(ReservedNames.RESERVATION, reservation, ReservedNames.EVENT, "release");
    }

    private static RateLimitRequest request(String domain, Attributes attributes, int hits) {
        Descriptor.Builder descriptor =
                Descriptor.newBuilder().setHitsAddend(UInt64Value.newBuilder().setValue(hits));
        for (int i = 0; i < attributes.size(); i++) {
            descriptor.addEntries(Entry.newBuilder()
                    .setKey(ByteString.copyFromUtf8(attributes.name(i)))
                    .setValue(ByteString.copyFromUtf8(attributes.value(i))));
        }
        return RateLimitRequest.newBuilder()
                .setDomain(ByteString.copyFromUtf8(domain))
                .addDescriptors(descriptor)
                .build();
    }

    private static Answer answer(RateLimitResponse response) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (HeaderValue header : response.getResponseHeadersToAddList()) {
            headers.putIfAbsent(header.getKey(), header.getValue());
        }
        return new Answer(
                response.getOverallCode() == Code.OK,
                headers,
                response.getRawBody().toStringUtf8());
    }
}
