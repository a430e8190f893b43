package dev.weir.envoy.ratelimit;

import com.google.protobuf.CodedInputStream;
import dev.weir.envoy.call.InvalidRequestException;
import dev.weir.measure.Amounts;
import dev.weir.measure.Measure;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.LimitOverride;
import dev.weir.request.Request;
import dev.weir.request.ReservedNames;
import dev.weir.request.Settlement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads Envoy's call: descriptors that ask for room, and those that Envoy sends when a stream has ended.
 *
 * <p>The latter carry {@value ReservedNames#RESERVATION}. {@value ReservedNames#EVENT} is {@code settle}, with the true number of tokens as
 * hits, or {@code release}, which is sent as well because Envoy drops a descriptor whose hits it cannot read. Negative hits of a settlement
 * say how many fewer tokens were used than estimated.
 */
public final class RequestReader {
    /** The most descriptors of a call, which is decided at once, on a thread that serves others too. */
    private static final int MOST_DESCRIPTORS = 1_000;

    private static final int MOST_ENTRIES = 100;

    private static final long MAX_HITS = 0xffff_ffffL;
    private static final long SECOND = 1_000_000;
    private static final long DAY = 86_400 * SECOND;

    private static final int DOMAIN = 1 << 3 | 2;
    private static final int DESCRIPTOR = 2 << 3 | 2;
    private static final int HITS = 3 << 3;

    private final byte[] message;
    private final List<WireDescriptor> descriptors = new ArrayList<>(2);
    private String domain = "";
    private int hits;

    private RequestReader(byte[] message) {
        this.message = message;
    }

    /**
     * Reads a call.
     *
     * @param message a {@code RateLimitRequest} as it stands on the wire, which nobody changes afterwards
     */
    public static RateLimitCall read(byte[] message) throws InvalidRequestException {
        RequestReader reader = new RequestReader(message);
        try {
            reader.readMessage();
        } catch (IOException e) {
            throw new InvalidRequestException("malformed protobuf: " + e.getMessage());
        }
        return new RateLimitCall(message, reader.request(), reader.descriptors.size());
    }

    private void readMessage() throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case DOMAIN -> domain = WireDescriptor.readName(in, message);
                case DESCRIPTOR -> descriptors.add(WireDescriptor.read(in, message));
                case HITS -> hits = in.readUInt32();
                default -> WireDescriptor.skip(in, tag);
            }
        }
    }

    private Request request() throws InvalidRequestException {
        int count = descriptors.size();
        if (domain.isEmpty()) {
            throw new InvalidRequestException("the call has no domain; set `domain` in Envoy's ratelimit filter");
        }
        if (count == 0) {
            throw new InvalidRequestException(
                    "the call has no descriptors; set `rate_limits` in Envoy's configuration");
        }
        if (count > MOST_DESCRIPTORS) {
            throw new InvalidRequestException(
                    "the call has " + count + " descriptors; send at most " + MOST_DESCRIPTORS);
        }
        String id = null;
        List<Descriptor> asking = new ArrayList<>(count);
        Map<String, Settlement> settlements = null;
        for (int i = 0; i < count; i++) {
            WireDescriptor wire = descriptors.get(i);
            if (wire.size() > MOST_ENTRIES) {
                throw new InvalidRequestException(
                        "descriptor " + i + " has " + wire.size() + " entries; send at most " + MOST_ENTRIES);
            }
            Attributes attributes = wire.attributes();
            if (!wire.hasReserved()) {
                asking.add(descriptor(wire, attributes, hits, i));
                continue;
            }
            String reservation = attributes.get(ReservedNames.RESERVATION);
            if (reservation != null) {
                settlements = settlements == null ? new LinkedHashMap<>(2) : settlements;
                Settlement settlement = settlement(reservation, wire, attributes, i);
                settlements.merge(reservation, settlement, Settlement::and);
            } else {
                asking.add(descriptor(wire, attributes.withoutReserved(), hits, i));
            }
            id = id == null ? attributes.get(ReservedNames.REQUEST_ID) : id;
        }
        return new Request(domain, id, asking, settlements == null ? List.of() : List.copyOf(settlements.values()));
    }

    private static Descriptor descriptor(WireDescriptor wire, Attributes attributes, int ofRequest, int index)
            throws InvalidRequestException {
        long hits = wire.hasHits ? wire.hits : Math.max(1, Integer.toUnsignedLong(ofRequest));
        if (hits < 0 || hits > MAX_HITS) {
            throw new InvalidRequestException(
                    "descriptor " + index + ": hits " + Long.toUnsignedString(hits) + " are out of range");
        }
        LimitOverride limit = wire.hasLimit ? ownLimit(wire, index) : null;
        return new Descriptor(index, attributes, wire.negative ? -hits : hits, limit);
    }

    /** Reads a limit by the numbers of envoy.type.v3.RateLimitUnit; a month is thirty days, a year 365, as the reference counts them. */
    private static LimitOverride ownLimit(WireDescriptor wire, int index) throws InvalidRequestException {
        long requests = Integer.toUnsignedLong(wire.limitRequests);
        return switch (wire.limitUnit) {
            case 1 -> new LimitOverride(requests, "1s", SECOND);
            case 2 -> new LimitOverride(requests, "1m", 60 * SECOND);
            case 3 -> new LimitOverride(requests, "1h", 3_600 * SECOND);
            case 4 -> new LimitOverride(requests, "1d", DAY);
            case 5 -> new LimitOverride(requests, "30d", 30 * DAY);
            case 6 -> new LimitOverride(requests, "365d", 365 * DAY);
            case 7 -> new LimitOverride(requests, "7d", 7 * DAY);
            default ->
                throw new InvalidRequestException("descriptor " + index + ": the unit " + wire.limitUnit
                        + " of its limit is unknown; use SECOND, MINUTE, HOUR, DAY, WEEK, MONTH or YEAR");
        };
    }

    /** Reads a settling descriptor. A measure that this version does not know counts as one whose amount nobody reported. */
    private static Settlement settlement(String reservation, WireDescriptor wire, Attributes attributes, int index)
            throws InvalidRequestException {
        String event = attributes.get(ReservedNames.EVENT);
        if ("release".equals(event)) {
            return Settlement.keep(reservation);
        }
        if (!"settle".equals(event)) {
            throw new InvalidRequestException("descriptor " + index + ": `" + ReservedNames.EVENT
                    + "` must be settle or release, found `" + event + "`");
        }
        String word = attributes.get(ReservedNames.MEASURE);
        Measure measure = word == null ? Measure.TOKENS : Measure.of(word);
        long amount = wire.hasHits ? wire.hits : ReservedNames.USAGE_UNKNOWN;
        if (measure == null || amount < 0 || amount >= ReservedNames.USAGE_UNKNOWN) {
            return usedNothing(attributes.get(ReservedNames.RESPONSE_CODE))
                    ? Settlement.unbilled(reservation)
                    : Settlement.keep(reservation);
        }
        if (!wire.negative) {
            return Settlement.used(reservation, Amounts.of(measure, amount));
        }
        return measure == Measure.TOKENS ? Settlement.unused(reservation, amount) : Settlement.keep(reservation);
    }

    /** Tells whether the provider has refused or failed, and so has not charged anybody for tokens. */
    private static boolean usedNothing(@Nullable String responseCode) {
        return responseCode != null
                && responseCode.length() == 3
                && (responseCode.equals("429") || responseCode.charAt(0) == '5');
    }
}
