package dev.weir.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.envoy.call.WireMethods;
import dev.weir.envoy.listen.GrpcServer;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The warm-up's own client, against gRPC's server. */
class LoopbackCallerTest {
    private GrpcServer server;
    private LoopbackCaller caller;

    @BeforeEach
    void listen() throws IOException {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ServerServiceDefinition service = ServerServiceDefinition.builder(WireMethods.RATE_LIMIT_SERVICE)
                .addMethod(
                        WireMethods.SHOULD_RATE_LIMIT_IN_BYTES, ServerCalls.asyncUnaryCall(LoopbackCallerTest::answer))
                .build();
        server = new GrpcServer(loopback, List.of(service));
        caller = caller(Duration.ofSeconds(20));
    }

    private LoopbackCaller caller(Duration patience) throws IOException {
        return new LoopbackCaller(server.port(), WireMethods.SHOULD_RATE_LIMIT_IN_BYTES.getFullMethodName(), patience);
    }

    /** The same bytes, but for a few calls that are answered otherwise. */
    private static void answer(byte[] call, StreamObserver<byte[]> answer) {
        switch (new String(call, StandardCharsets.US_ASCII)) {
            case "fail" -> answer.onError(Status.UNAVAILABLE.asRuntimeException());
            case "wait" -> {}
            default -> {
                answer.onNext(call);
                answer.onCompleted();
            }
        }
    }

    @AfterEach
    void stop() throws IOException {
        caller.close();
        server.stop(Duration.ZERO);
    }

    @Test
    void answersStandInTheOrderOfTheirCallsAndOneThatFailedHasNone() throws IOException {
        List<byte[]> answers = caller.call(List.of(bytes("one"), bytes("fail"), bytes(""), bytes("four")));

        assertEquals(4, answers.size());
        assertArrayEquals(bytes("one"), answers.get(0));
        assertNull(answers.get(1));
        assertArrayEquals(bytes(""), answers.get(2));
        assertArrayEquals(bytes("four"), answers.get(3));
    }

    @Test
    void callsMayTakeManyTimesTheWindowThatAConnectionBeginsWith() throws IOException {
        List<byte[]> messages = Collections.nCopies(16, bytes("x".repeat(1_000)));
        for (int i = 0; i < 40; i++) {
            caller.call(messages).forEach(answer -> assertEquals(1_000, assertPresent(answer).length));
        }
    }

    private static byte[] assertPresent(byte[] answer) {
        assertNotNull(answer);
        return answer;
    }

    @Test
    void whoIsNotAnsweredInTimeIsTold() throws IOException {
        try (LoopbackCaller impatient = caller(Duration.ofMillis(50))) {
            assertThrows(SocketTimeoutException.class, () -> impatient.call(List.of(bytes("wait"))));
        }
    }

    @Test
    void soIsWhoseListenerClosesTheConnection() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                LoopbackCaller cutOff = new LoopbackCaller(listener.getLocalPort(), "a.B/C", Duration.ofSeconds(20))) {
            listener.accept().close();

            assertThrows(IOException.class, () -> cutOff.call(List.of(bytes("one"))));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
