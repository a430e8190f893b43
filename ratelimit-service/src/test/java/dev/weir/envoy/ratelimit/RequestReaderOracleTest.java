package dev.weir.envoy.ratelimit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UInt64Value;
import com.google.protobuf.WireFormat;
import dev.weir.envoy.call.InvalidRequestException;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import dev.weir.wire.Entry;
import dev.weir.wire.LimitOverride;
import dev.weir.wire.RateLimitRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Calls are read from their bytes; protobuf-java's own parser says what those mean. */
class RequestReaderOracleTest {
    private static final int CALLS = 30_000;
    private static final List<String> NAMES = List.of(
            "user",
            "team",
            "",
            "n\u00e4me",
            "weir.reservation",
            "weir.event",
            "weir.measure",
            "weir.response_code",
            "weir.x");
    private static final List<String> VALUES = List.of(
            "alice", "", "r-1", "settle", "release", "tokens", "prompt_tokens", "429", "\u20ac", "x".repeat(200));

    /** One that passes over unknown fields, as ours does; one that keeps them takes numbers in ten bytes that have no end. */
    private static final Parser<RateLimitRequest> PARSER = DiscardUnknownFieldsParser.wrap(RateLimitRequest.parser());

    private final Random random = new Random(20261129);
    private int understood;

    @Test
    void everyCallIsReadAsProtobufJavaReadsIt() throws IOException {
        for (int i = 0; i < CALLS; i++) {
            assertReadAlike(call());
        }
        assertTrue(understood > CALLS / 10, "only " + understood + " calls could be understood");
    }

    @Test
    void soIsEveryCallWithADamagedByteOrAnEndTooEarly() throws IOException {
        for (int i = 0; i < CALLS; i++) {
            byte[] call = call();
            byte[] damaged = random.nextBoolean() ? call.clone() : Arrays.copyOf(call, random.nextInt(call.length + 1));
            if (damaged.length > 0) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            assertReadAlike(damaged);
        }
        assertTrue(understood > CALLS / 100, "only " + understood + " calls could be understood");
    }

    private void assertReadAlike(byte[] call) {
        assertEquals(
                byTheParser(call),
                byTheReader(call),
                () -> ByteString.copyFrom(call).toString());
    }

    private String byTheReader(byte[] call) {
        try {
            return told(RequestReader.read(call).request());
        } catch (InvalidRequestException e) {
            return e.getMessage().startsWith("malformed") ? "malformed" : e.getMessage();
        }
    }

    private String byTheParser(byte[] call) {
        try {
            Request request = MessageReader.read(PARSER.parseFrom(call));
            understood++;
            return told(request);
        } catch (InvalidProtocolBufferException e) {
            return "malformed";
        } catch (InvalidRequestException e) {
            return e.getMessage();
        }
    }

    private static String told(Request request) {
        StringBuilder told = new StringBuilder(request.domain() + " " + request.id() + " " + request.settlements());
        for (Descriptor descriptor : request.descriptors()) {
            told.append("\n").append(descriptor.position()).append(' ').append(descriptor.hits());
            told.append(' ').append(descriptor.limit());
            for (int i = 0; i < descriptor.attributes().size(); i++) {
                told.append(' ').append(descriptor.attributes().name(i));
                told.append('=').append(descriptor.attributes().value(i));
            }
        }
        return told.toString();
    }

    /** Fields in any order, some twice, some that nobody knows. */
    private byte[] call() throws IOException {
        List<byte[]> fields = new ArrayList<>();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            fields.add(field(2, descriptor()));
        }
        fields.add(field(1, text(List.of("llm", "", "d\u00f6main")).toByteArray()));
        if (random.nextInt(3) == 0) {
            fields.add(RateLimitRequest.newBuilder()
                    .setHitsAddend(random.nextInt())
                    .build()
                    .toByteArray());
        }
        return shuffled(fields);
    }

    private byte[] descriptor() throws IOException {
        List<byte[]> fields = new ArrayList<>();
        int count = random.nextInt(12);
        for (int i = 0; i < count; i++) {
            fields.add(field(1, entry()));
        }
        for (int i = random.nextInt(3); i > 1; i--) {
            fields.add(field(3, UInt64Value.of(random.nextInt(100) - 1).toByteArray()));
        }
        if (random.nextInt(4) == 0) {
            fields.add(field(
                    2,
                    LimitOverride.newBuilder()
                            .setUnit(random.nextInt(9))
                            .build()
                            .toByteArray()));
            fields.add(field(
                    2,
                    LimitOverride.newBuilder()
                            .setRequestsPerUnit(random.nextInt())
                            .build()
                            .toByteArray()));
        }
        if (random.nextInt(4) == 0) {
            fields.add(dev.weir.wire.Descriptor.newBuilder()
                    .setIsNegativeHits(true)
                    .build()
                    .toByteArray());
        }
        return shuffled(fields);
    }

    private byte[] entry() throws IOException {
        List<byte[]> fields = new ArrayList<>();
        fields.add(Entry.newBuilder().setKey(text(NAMES)).build().toByteArray());
        fields.add(Entry.newBuilder().setValue(text(VALUES)).build().toByteArray());
        return shuffled(fields);
    }

    /** Some of them are not UTF-8. */
    private ByteString text(List<String> of) {
        return random.nextInt(50) == 0
                ? ByteString.copyFrom(new byte[] {'a', (byte) 0xff})
                : ByteString.copyFromUtf8(of.get(random.nextInt(of.size())));
    }

    private byte[] shuffled(List<byte[]> fields) throws IOException {
        if (random.nextInt(10) == 0 && !fields.isEmpty()) {
            fields.add(fields.get(random.nextInt(fields.size())));
        }
        if (random.nextInt(10) == 0) {
            fields.add(unknown());
        }
        if (random.nextInt(4) == 0) {
            Collections.shuffle(fields, random);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] field : fields) {
            all.write(field);
        }
        return all.toByteArray();
    }

    private byte[] unknown() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        int number = 1 + random.nextInt(20);
        switch (random.nextInt(4)) {
            case 0 -> out.writeUInt64(number, random.nextLong());
            case 1 -> out.writeFixed32(number, random.nextInt());
            case 2 -> {
                out.writeTag(number, WireFormat.WIRETYPE_START_GROUP);
                out.writeUInt64(1, random.nextLong());
                out.writeTag(number, WireFormat.WIRETYPE_END_GROUP);
            }
            default -> out.writeString(number + 20, "unknown");
        }
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] field(int number, byte[] message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeByteArray(number, message);
        out.flush();
        return bytes.toByteArray();
    }
}
