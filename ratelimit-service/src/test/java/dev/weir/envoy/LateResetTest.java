package dev.weir.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.bucket.ManualClock;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.decide.Decider;
import dev.weir.decide.DecisionListener;
import dev.weir.decide.Ends;
import dev.weir.policy.Policy;
import dev.weir.policy.PolicyReader;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Invariant 4: a client that resets its call when the answer is on its way never reads it, and nothing must be left of it. */
@Timeout(30)
class LateResetTest {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    @TempDir
    private Path folder;

    private final CompletableFuture<Boolean> letGo = new CompletableFuture<>();
    private GrpcServer server;
    private Calls envoy;

    @BeforeEach
    void start() throws Exception {
        Policy policy = PolicyReader.read(Files.writeString(folder.resolve("policy.yaml"), """
                domain: llm
                limits:
                  - {name: user-tokens, tier: user, per: [user], allow: 100 tokens / 1h, estimate: 60}
                  - {name: user-requests, tier: user, per: [user], allow: 1 requests / 1h}
                  - {name: user-parallel, tier: user, per: [user], allow: 1 parallel}
                """));
        Decider decider = new Decider(policy, new MemoryBuckets(100, new ManualClock()), Duration.ofHours(1));
        DecisionListener listener = new DecisionListener() {
            @Override
            public void letGo(String domain, boolean late) {
                letGo.complete(late);
            }
        };
        Ends ends = new Ends(decider, listener, (delay, task) -> {});
        server = new GrpcServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of(new RateLimitEndpoint(decider, listener, ends).service()));
        envoy = new Calls(server.port());
    }

    @AfterEach
    void stop() {
        envoy.close();
        server.stop(Duration.ZERO);
    }

    @Test
    void anAnswerThatWasNotReadIsUndone() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            frame(out, SETTINGS, 0, 0, new byte[0]);
            frame(out, HEADERS, END_HEADERS, 1, headers());
            frame(out, DATA, END_STREAM, 1, message(Calls.request("llm", Calls.descriptor("user", "alice"))));
            untilStreamHasEnded(new DataInputStream(socket.getInputStream()));
            assertEquals(Code.OVER_LIMIT, ask("alice").getOverallCode());
            frame(out, RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
            assertEquals(false, letGo.get());
        }
        assertEquals(Code.OK, ask("alice").getOverallCode());
    }

    /** What was read is not undone, whatever happens to other streams. */
    @Test
    void aResetOfAnotherStreamLeavesItAlone() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            frame(out, SETTINGS, 0, 0, new byte[0]);
            for (String user : List.of("alice", "bob")) {
                int stream = user.equals("alice") ? 1 : 3;
                frame(out, HEADERS, END_HEADERS, stream, headers());
                frame(out, DATA, END_STREAM, stream, message(Calls.request("llm", Calls.descriptor("user", user))));
                untilStreamHasEnded(new DataInputStream(socket.getInputStream()));
            }
            frame(out, RST_STREAM, 0, 3, new byte[] {0, 0, 0, 8});
            assertEquals(false, letGo.get());
            assertEquals(Code.OVER_LIMIT, ask("alice").getOverallCode());
            assertEquals(Code.OK, ask("bob").getOverallCode());
        }
    }

    private RateLimitResponse ask(String user) {
        return envoy.ask(Calls.request("llm", Calls.descriptor("user", user)));
    }

    /** Literals without indexing, RFC 7541, section 6.2.2. */
    private static byte[] headers() throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        List<String> namesAndValues = List.of(
                ":method",
                "POST",
                ":scheme",
                "http",
                ":path",
                "/" + WireMethods.SHOULD_RATE_LIMIT.getFullMethodName(),
                ":authority",
                "weir",
                "content-type",
                "application/grpc",
                "te",
                "trailers");
        for (int i = 0; i < namesAndValues.size(); i++) {
            if (i % 2 == 0) {
                block.write(0);
            }
            block.write(namesAndValues.get(i).length());
            block.write(namesAndValues.get(i).getBytes(StandardCharsets.US_ASCII));
        }
        return block.toByteArray();
    }

    private static byte[] message(RateLimitRequest request) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(message);
        out.writeByte(0);
        out.writeInt(request.getSerializedSize());
        request.writeTo(out);
        return message.toByteArray();
    }

    private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
            throws IOException {
        out.writeByte(0);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
        out.flush();
    }

    private static void untilStreamHasEnded(DataInputStream in) throws IOException {
        boolean ended = false;
        while (!ended) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            in.skipNBytes(4L + length);
            ended = (type == HEADERS || type == DATA) && (flags & END_STREAM) != 0;
        }
    }
}
