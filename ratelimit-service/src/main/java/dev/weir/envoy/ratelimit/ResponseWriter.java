package dev.weir.envoy.ratelimit;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.envoy.answer.DomainParts;
import dev.weir.envoy.answer.HeaderBytes;
import dev.weir.envoy.answer.LimitParts;
import dev.weir.envoy.answer.RateHeaders;
import dev.weir.envoy.answer.RefusalAnswer;
import dev.weir.envoy.answer.WireWriter;
import dev.weir.request.ReservedNames;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;

/**
 * Writes decisions as answers to Envoy's rate limit calls: a status for each descriptor, the headers of {@link RateHeaders} on an
 * admission, a {@link RefusalAnswer} on a refusal.
 */
public final class ResponseWriter {
    /** Writes what native domains answer. */
    static final AnswerWriter NATIVE = (decision, asked) -> decision instanceof Decision.Refused refused
            ? refused(refused, asked.descriptors())
            : allowed((Decision.Allowed) decision, asked.descriptors());

    private static final long MICROS_PER_SECOND = 1_000_000;
    /** The most that a Duration of Protobuf holds: ten thousand years. */
    private static final long MOST_SECONDS = 315_576_000_000L;

    private static final long LARGEST_UINT32 = 0xffff_ffffL;
    /** The field of the value in a map's entry; the key is the first field, as the text of a {@link StringValue} is. */
    private static final int MAP_VALUE = 2;

    private static final byte[] RESERVATION =
            StringValue.of(ReservedNames.METADATA_RESERVATION).toByteArray();

    private ResponseWriter() {}

    /** @param descriptors how many descriptors the call had; each gets a status */
    static byte[] allowed(Decision.Allowed decision, int descriptors) {
        WireWriter out = WireWriter.start();
        out.number(RateLimitResponse.OVERALL_CODE_FIELD_NUMBER, Code.OK_VALUE);
        writeStatuses(decision, descriptors, out);
        RateHeaders.add(decision, new HeaderBytes(out));
        if (decision.reservation() != null) {
            writeReservation(decision.reservation(), DomainParts.of(decision.domain()), out);
        }
        return out.toBytes();
    }

    /** @param descriptors how many descriptors the call had; each gets a status */
    public static byte[] refused(Decision.Refused decision, int descriptors) {
        RefusalAnswer answer = RefusalAnswer.withStatusOfEnvoy(decision);
        byte[] said = RateLimitResponse.newBuilder()
                .addAllResponseHeadersToAdd(answer.headers())
                .setRawBody(ByteString.copyFromUtf8(answer.body()))
                .build()
                .toByteArray();
        WireWriter out = WireWriter.start();
        out.number(RateLimitResponse.OVERALL_CODE_FIELD_NUMBER, Code.OVER_LIMIT_VALUE);
        writeStatuses(decision, descriptors, out);
        out.fields(said);
        return out.toBytes();
    }

    private static void writeStatuses(Decision decision, int descriptors, WireWriter out) {
        boolean refused = decision instanceof Decision.Refused;
        boolean byLimit = !decision.standings().isEmpty();
        DomainParts parts = DomainParts.of(decision.domain());
        LimitStatus by = decision instanceof Decision.Refused refusal ? refusal.by() : null;
        for (int i = 0; i < descriptors; i++) {
            LimitStatus tightest = null;
            boolean over = refused && !byLimit;
            for (LimitStatus standing : decision.standings()) {
                if (standing.descriptor() == i) {
                    over |= refused && standing.level().refuses();
                    tightest = standing.isTighterThan(tightest) ? standing : tightest;
                }
            }
            int status = out.begin(RateLimitResponse.STATUSES_FIELD_NUMBER);
            out.number(DescriptorStatus.CODE_FIELD_NUMBER, over ? Code.OVER_LIMIT_VALUE : Code.OK_VALUE);
            LimitStatus shown = by != null && by.descriptor() == i ? by : tightest;
            if (shown != null) {
                writeLimit(shown, parts.of(shown.limit()), out);
            }
            out.end(status);
        }
    }

    private static void writeLimit(LimitStatus standing, LimitParts limit, WireWriter out) {
        // Envoy makes a header of it, a 0 where it is missing.
        long resetMicros = standing.hasReset()
                ? standing.level().resetMicros()
                : Math.max(0, standing.level().retryMicros());
        out.fields(limit.current());
        out.number(DescriptorStatus.LIMIT_REMAINING_FIELD_NUMBER, Math.min(standing.remaining(), LARGEST_UINT32));
        int reset = out.begin(DescriptorStatus.DURATION_UNTIL_RESET_FIELD_NUMBER);
        out.number(Duration.SECONDS_FIELD_NUMBER, Math.min(resetMicros / MICROS_PER_SECOND, MOST_SECONDS));
        out.number(Duration.NANOS_FIELD_NUMBER, resetMicros % MICROS_PER_SECOND * 1_000);
        out.end(reset);
    }

    private static void writeReservation(String id, DomainParts domain, WireWriter out) {
        int metadata = out.begin(RateLimitResponse.DYNAMIC_METADATA_FIELD_NUMBER);
        int entry = out.begin(Struct.FIELDS_FIELD_NUMBER);
        out.fields(RESERVATION);
        int value = out.begin(MAP_VALUE);
        out.text(Value.STRING_VALUE_FIELD_NUMBER, id);
        out.end(value);
        out.end(entry);
        out.fields(domain.metadata());
        out.end(metadata);
    }
}
