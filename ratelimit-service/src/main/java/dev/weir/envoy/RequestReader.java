package dev.weir.envoy;

import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import dev.weir.request.Settlement;
import dev.weir.wire.RateLimitRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads Envoy's call: descriptors that ask for room, and those that Envoy sends when a stream has ended.
 *
 * <p>The latter carry {@value #RESERVATION}. {@value #EVENT} is {@code settle}, with the true number of tokens as hits, or
 * {@code release}, which is sent as well because Envoy drops a descriptor whose hits it cannot read.
 */
final class RequestReader {
    static final String RESERVATION = "weir.reservation";
    static final String EVENT = "weir.event";
    static final String RESPONSE_CODE = "weir.response_code";
    static final String REQUEST_ID = "weir.request_id";

    /** The largest hits that Envoy sends. As a token count it means: the answer did not say what it used. */
    static final long USAGE_UNKNOWN = 1_000_000_000;

    private static final long MAX_HITS = 0xffff_ffffL;

    private RequestReader() {}

    static Request read(RateLimitRequest call) throws InvalidRequestException {
        String domain = WireText.of(call.getDomain());
        if (domain.isEmpty()) {
            throw new InvalidRequestException("the call has no domain; set `domain` in Envoy's ratelimit filter");
        }
        if (call.getDescriptorsCount() == 0) {
            throw new InvalidRequestException(
                    "the call has no descriptors; set `rate_limits` in Envoy's configuration");
        }
        String id = null;
        List<Descriptor> descriptors = new ArrayList<>(call.getDescriptorsCount());
        Map<String, OptionalLong> settlements = new LinkedHashMap<>(0);
        for (int i = 0; i < call.getDescriptorsCount(); i++) {
            dev.weir.wire.Descriptor wire = call.getDescriptors(i);
            Attributes attributes = attributes(wire);
            String reservation = attributes.get(RESERVATION);
            if (reservation != null) {
                OptionalLong tokens = tokens(wire, attributes, i);
                settlements.merge(reservation, tokens, (known, other) -> known.isPresent() ? known : other);
            } else {
                descriptors.add(descriptor(wire, attributes, call.getHitsAddend(), i));
            }
            id = id == null ? attributes.get(REQUEST_ID) : id;
        }
        return new Request(domain, id, descriptors, settlements(settlements));
    }

    private static Attributes attributes(dev.weir.wire.Descriptor wire) {
        int size = wire.getEntriesCount();
        String[] names = new String[size];
        String[] values = new String[size];
        for (int i = 0; i < size; i++) {
            names[i] = WireText.of(wire.getEntries(i).getKey());
            values[i] = WireText.of(wire.getEntries(i).getValue());
        }
        return Attributes.of(names, values);
    }

    private static Descriptor descriptor(dev.weir.wire.Descriptor wire, Attributes attributes, int ofRequest, int index)
            throws InvalidRequestException {
        if (wire.getIsNegativeHits()) {
            throw new InvalidRequestException("descriptor " + index
                    + ": negative hits are not applied by this version; release a reservation instead");
        }
        if (wire.hasLimit()) {
            throw new InvalidRequestException("descriptor " + index
                    + ": a limit of its own is not enforced by this version; write it into the policy");
        }
        long hits =
                wire.hasHitsAddend() ? wire.getHitsAddend().getValue() : Math.max(1, Integer.toUnsignedLong(ofRequest));
        if (hits < 0 || hits > MAX_HITS) {
            throw new InvalidRequestException(
                    "descriptor " + index + ": hits " + Long.toUnsignedString(hits) + " are out of range");
        }
        return new Descriptor(index, attributes, hits);
    }

    /** What a settling descriptor says; empty where the estimate is to be kept. */
    private static OptionalLong tokens(dev.weir.wire.Descriptor wire, Attributes attributes, int index)
            throws InvalidRequestException {
        String event = attributes.get(EVENT);
        if ("release".equals(event)) {
            return OptionalLong.empty();
        }
        if (!"settle".equals(event)) {
            throw new InvalidRequestException(
                    "descriptor " + index + ": `" + EVENT + "` must be settle or release, found `" + event + "`");
        }
        long tokens = wire.hasHitsAddend() ? wire.getHitsAddend().getValue() : USAGE_UNKNOWN;
        if (tokens >= 0 && tokens < USAGE_UNKNOWN) {
            return OptionalLong.of(tokens);
        }
        return usedNothing(attributes.get(RESPONSE_CODE)) ? OptionalLong.of(0) : OptionalLong.empty();
    }

    /** A provider that refuses or fails has not charged anybody for tokens. */
    private static boolean usedNothing(@Nullable String responseCode) {
        return responseCode != null
                && responseCode.length() == 3
                && (responseCode.equals("429") || responseCode.charAt(0) == '5');
    }

    private static List<Settlement> settlements(Map<String, OptionalLong> tokens) {
        if (tokens.isEmpty()) {
            return List.of();
        }
        List<Settlement> settlements = new ArrayList<>(tokens.size());
        tokens.forEach((reservation, used) -> settlements.add(new Settlement(reservation, used)));
        return settlements;
    }
}
