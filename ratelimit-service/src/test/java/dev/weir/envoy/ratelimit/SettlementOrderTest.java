package dev.weir.envoy.ratelimit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import com.google.protobuf.UInt64Value;
import dev.weir.measure.Measure;
import dev.weir.request.Settlement;
import dev.weir.wire.Descriptor;
import dev.weir.wire.Entry;
import dev.weir.wire.RateLimitRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a settlement tells does not depend on where its descriptors stand in the call. */
class SettlementOrderTest {
    private static final Descriptor TOKENS = settle("tokens", 70, false);
    private static final Descriptor UNREPORTED = settle("cached_tokens", 1_000_000_000, false);
    private static final Descriptor UNKNOWN = settle("audio_tokens", 5, false);

    @Test
    void anAmountThatWasToldIsNotForgottenForOneThatWasNotReported() throws Exception {
        assertEquals(70, tokens(TOKENS, UNREPORTED));
        assertEquals(70, tokens(UNREPORTED, TOKENS));
    }

    @Test
    void norForAMeasureThatIsUnknown() throws Exception {
        assertEquals(70, tokens(UNKNOWN, TOKENS));
        assertEquals(70, tokens(UNKNOWN, settle("prompt_tokens", 30, false), settle("completion_tokens", 40, false)));
    }

    @Test
    void tokensFewerThanEstimatedCountWhereverTheyStand() throws Exception {
        Descriptor prompt = settle("prompt_tokens", 50, false);
        Descriptor fewer = settle("tokens", 30, true);
        assertEquals(read(fewer, prompt).known(), read(prompt, fewer).known());
    }

    private static long tokens(Descriptor... descriptors) throws Exception {
        return read(descriptors).amounts().of(Measure.TOKENS);
    }

    private static Settlement read(Descriptor... descriptors) throws Exception {
        RateLimitRequest call = RateLimitRequest.newBuilder()
                .setDomain(ByteString.copyFromUtf8("llm"))
                .addAllDescriptors(List.of(descriptors))
                .build();
        return RequestReader.read(call.toByteArray()).request().settlements().get(0);
    }

    private static Descriptor settle(String measure, long hits, boolean negative) {
        return Descriptor.newBuilder()
                .addEntries(entry("weir.reservation", "r-1"))
                .addEntries(entry("weir.event", "settle"))
                .addEntries(entry("weir.measure", measure))
                .addEntries(entry("weir.response_code", "500"))
                .setHitsAddend(UInt64Value.of(hits))
                .setIsNegativeHits(negative)
                .build();
    }

    private static Entry entry(String key, String value) {
        return Entry.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8(value))
                .build();
    }
}
