package dev.weir.envoy.ratelimit;

import dev.weir.envoy.call.InvalidRequestException;
import dev.weir.envoy.call.WireText;
import dev.weir.measure.Amounts;
import dev.weir.measure.Measure;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.LimitOverride;
import dev.weir.request.Request;
import dev.weir.request.ReservedNames;
import dev.weir.request.Settlement;
import dev.weir.wire.RateLimitRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a call as {@link RequestReader} does, but from a message that protobuf-java has parsed: the plain way, by which the fast one is checked.
 */
final class MessageReader {
    /** A call is decided at once, on a thread that serves others too. */
    private static final int MOST_DESCRIPTORS = 1_000;

    private static final long MAX_HITS = 0xffff_ffffL;
    private static final long SECOND = 1_000_000;
    private static final long DAY = 86_400 * SECOND;

    private MessageReader() {}

    static Request read(RateLimitRequest call) throws InvalidRequestException {
        String domain = WireText.of(call.getDomain());
        if (domain.isEmpty()) {
            throw new InvalidRequestException("the call has no domain; set `domain` in Envoy's ratelimit filter");
        }
        if (call.getDescriptorsCount() == 0) {
            throw new InvalidRequestException(
                    "the call has no descriptors; set `rate_limits` in Envoy's configuration");
        }
        if (call.getDescriptorsCount() > MOST_DESCRIPTORS) {
            throw new InvalidRequestException(
                    "the call has " + call.getDescriptorsCount() + " descriptors; send at most " + MOST_DESCRIPTORS);
        }
        String id = null;
        List<Descriptor> descriptors = new ArrayList<>(call.getDescriptorsCount());
        Map<String, Settlement> settlements = new LinkedHashMap<>(0);
        for (int i = 0; i < call.getDescriptorsCount(); i++) {
            dev.weir.wire.Descriptor wire = call.getDescriptors(i);
            Attributes attributes = attributes(wire);
            String reservation = attributes.get(ReservedNames.RESERVATION);
            if (reservation != null) {
                Settlement settlement = settlement(reservation, wire, attributes, i);
                settlements.merge(reservation, settlement, Settlement::and);
            } else {
                descriptors.add(descriptor(wire, attributes.withoutReserved(), call.getHitsAddend(), i));
            }
            id = id == null ? attributes.get(ReservedNames.REQUEST_ID) : id;
        }
        return new Request(domain, id, descriptors, List.copyOf(settlements.values()));
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
        long hits =
                wire.hasHitsAddend() ? wire.getHitsAddend().getValue() : Math.max(1, Integer.toUnsignedLong(ofRequest));
        if (hits < 0 || hits > MAX_HITS) {
            throw new InvalidRequestException(
                    "descriptor " + index + ": hits " + Long.toUnsignedString(hits) + " are out of range");
        }
        LimitOverride limit = wire.hasLimit() ? ownLimit(wire.getLimit(), index) : null;
        return new Descriptor(index, attributes, wire.getIsNegativeHits() ? -hits : hits, limit);
    }

    /** By the numbers of envoy.type.v3.RateLimitUnit; a month is thirty days, a year 365, as the reference counts them. */
    private static LimitOverride ownLimit(dev.weir.wire.LimitOverride wire, int index) throws InvalidRequestException {
        long requests = Integer.toUnsignedLong(wire.getRequestsPerUnit());
        return switch (wire.getUnit()) {
            case 1 -> new LimitOverride(requests, "1s", SECOND);
            case 2 -> new LimitOverride(requests, "1m", 60 * SECOND);
            case 3 -> new LimitOverride(requests, "1h", 3_600 * SECOND);
            case 4 -> new LimitOverride(requests, "1d", DAY);
            case 5 -> new LimitOverride(requests, "30d", 30 * DAY);
            case 6 -> new LimitOverride(requests, "365d", 365 * DAY);
            case 7 -> new LimitOverride(requests, "7d", 7 * DAY);
            default ->
                throw new InvalidRequestException("descriptor " + index + ": the unit " + wire.getUnit()
                        + " of its limit is unknown; use SECOND, MINUTE, HOUR, DAY, WEEK, MONTH or YEAR");
        };
    }

    /** What a settling descriptor says. A measure that this version does not know is one whose amount nobody reported. */
    private static Settlement settlement(
            String reservation, dev.weir.wire.Descriptor wire, Attributes attributes, int index)
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
        long amount = wire.hasHitsAddend() ? wire.getHitsAddend().getValue() : ReservedNames.USAGE_UNKNOWN;
        if (measure == null || amount < 0 || amount >= ReservedNames.USAGE_UNKNOWN) {
            return usedNothing(attributes.get(ReservedNames.RESPONSE_CODE))
                    ? Settlement.unbilled(reservation)
                    : Settlement.keep(reservation);
        }
        if (!wire.getIsNegativeHits()) {
            return Settlement.used(reservation, Amounts.of(measure, amount));
        }
        return measure == Measure.TOKENS ? Settlement.unused(reservation, amount) : Settlement.keep(reservation);
    }

    /** A provider that refuses or fails has not charged anybody for tokens. */
    private static boolean usedNothing(@Nullable String responseCode) {
        return responseCode != null
                && responseCode.length() == 3
                && (responseCode.equals("429") || responseCode.charAt(0) == '5');
    }
}
