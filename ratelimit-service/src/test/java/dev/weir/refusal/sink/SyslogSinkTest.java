package dev.weir.refusal.sink;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** R6.3: records stream to a log sink. */
@Timeout(30)
class SyslogSinkTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-01T12:00:00.123456789Z"), ZoneOffset.UTC);

    @Test
    void aRecordIsAMessage() throws IOException {
        try (DatagramSocket receiver = receiver();
                SyslogSink sink = new SyslogSink(address(receiver), NOON)) {
            sink.write("{\"user\":\"äöü\"}");
            sink.write("{}");

            String header = "<133>1 2026-01-01T12:00:00.123456Z [!-~]+ weir [0-9]+ refusal - ";
            String first = received(receiver);
            assertTrue(first.matches(header + "\\{\"user\":\"äöü\"}"), first);
            assertTrue(received(receiver).endsWith(" refusal - {}"));
        }
    }

    @Test
    void aRecordThatIsTooLongForAMessageIsShortenedAndStaysJson() throws IOException {
        JsonObject attributes = new JsonObject();
        for (int i = 0; i < 20; i++) {
            attributes.addProperty("name-" + i, "ä".repeat(200));
        }
        JsonObject record = new JsonObject();
        record.add("attributes", attributes);
        record.addProperty("count", 17);
        try (DatagramSocket receiver = receiver();
                SyslogSink sink = new SyslogSink(address(receiver), NOON)) {
            sink.write(record.toString());

            String message = received(receiver);
            assertTrue(message.getBytes(StandardCharsets.UTF_8).length <= SyslogSink.MOST_BYTES, message);
            JsonObject got = JsonParser.parseString(message.substring(message.indexOf('{')))
                    .getAsJsonObject();
            assertEquals(17, got.get("count").getAsLong());
            assertTrue(got.get("shortened").getAsBoolean());
        }
    }

    @Test
    void thatNobodyListensIsNoError() throws IOException {
        InetSocketAddress nobody;
        try (DatagramSocket receiver = receiver()) {
            nobody = address(receiver);
        }
        try (SyslogSink sink = new SyslogSink(nobody, NOON)) {
            for (int i = 0; i < 10; i++) {
                assertDoesNotThrow(() -> sink.write("{}"));
                sink.flush();
            }
        }
    }

    private static DatagramSocket receiver() throws IOException {
        return new DatagramSocket(0, InetAddress.getLoopbackAddress());
    }

    private static InetSocketAddress address(DatagramSocket receiver) {
        return (InetSocketAddress) receiver.getLocalSocketAddress();
    }

    private static String received(DatagramSocket receiver) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        receiver.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }
}
