package dev.weir.refusal.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.Decisions;
import dev.weir.decide.RefusalReason;
import dev.weir.refusal.Refusal;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** R1.6: where there is little room a record says less, and nothing that is not so. */
class TruncatedRecordTest {
    @Test
    void whatFitsStaysAsItIs() {
        String record = "{\"a\":\"ä\"}";
        assertEquals(record, TruncatedRecord.to(10, record));
        assertTrue(shortened(9, record).get("shortened").getAsBoolean());
    }

    @Test
    void theLongestThatFitsIsKept() {
        String text = "x".repeat(200);
        JsonObject cut =
                shortened(200, "{\"time\":\"" + text + "\",\"count\":3,\"attributes\":{\"user\":\"" + text + "\"}}");
        assertEquals(0, cut.getAsJsonObject("attributes").size());
        assertEquals(text, cut.get("time").getAsString());

        cut = shortened(220, "{\"count\":3,\"limit\":null,\"attributes\":{\"user\":\"" + text + "\"}}");
        assertEquals(
                "x".repeat(128) + "...",
                cut.getAsJsonObject("attributes").get("user").getAsString());
        assertEquals(3, cut.get("count").getAsLong());
        assertTrue(cut.get("limit").isJsonNull());
    }

    @Test
    void aCharacterOfTwoIsNotCutApart() {
        String text = "x".repeat(127) + "\ud83d\ude00".repeat(40);
        assertEquals(
                "x".repeat(127) + "...",
                shortened(200, "{\"message\":\"" + text + "\"}").get("message").getAsString());
    }

    @Test
    void theLongestRecordThereCanBeFitsIntoAMessage() {
        String[] attributes = IntStream.range(0, 1_000)
                .mapToObj(i -> i + "\u0001".repeat(300))
                .toArray(String[]::new);
        Descriptor descriptor = new Descriptor(Attributes.of(attributes), 1);
        Request request = new Request("\u0001".repeat(300), "\u0001".repeat(300), List.of(descriptor), List.of());
        Decision.Refused decision = Decisions.refused(
                RefusalReason.UNREADABLE_MAX_TOKENS, null, List.of(), BucketStatus.NEVER, "\u0001".repeat(9_000));
        String record = Refusal.of(Instant.parse("2026-01-01T12:00:00.123456789Z"), request, decision, false)
                .toJson();

        String shortest = TruncatedRecord.to(1, record);
        assertTrue(shortest.getBytes(StandardCharsets.UTF_8).length < SyslogSink.MOST_BYTES - 350, shortest);
        assertEquals(
                "unreadable_max_tokens",
                JsonParser.parseString(shortest).getAsJsonObject().get("reason").getAsString());
    }

    private static JsonObject shortened(int bytes, String record) {
        return JsonParser.parseString(TruncatedRecord.to(bytes, record)).getAsJsonObject();
    }
}
