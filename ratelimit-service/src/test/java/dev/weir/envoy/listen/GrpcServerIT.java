package dev.weir.envoy.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Presence;
import dev.weir.envoy.Calls;
import dev.weir.envoy.call.HeldReservation;
import dev.weir.envoy.call.Peers;
import dev.weir.envoy.call.WireMethods;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection of the gRPC port may do. */
@Timeout(60)
class GrpcServerIT {
    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int NO_ERROR = 0;

    private final BlockingQueue<Runnable> misses = new LinkedBlockingQueue<>();
    private final List<HeldReservation> gone = new CopyOnWriteArrayList<>();
    private final Peers peers = new Peers((delay, task) -> misses.add(task), gone::addAll, Presence.ALONE);
    private GrpcServer server;

    @AfterEach
    void stop() {
        server.stop(Duration.ZERO);
    }

    @Test
    void whoGivesUpMoreCallsASecondThanAllowedIsCutOffAndOthersAreNot() throws Exception {
        start(new Connections.Bounds(100, 50, null, null, Duration.ZERO), false);
        try (RawHttp2 flood = new RawHttp2(server.port());
                Calls other = new Calls(server.port())) {
            assertHealthy(other);
            flood.beginAndGiveUp(51);

            assertEquals(ENHANCE_YOUR_CALM, error(flood.await(RawHttp2.GOAWAY)));
            flood.awaitEnd();
            assertHealthy(other);
        }
    }

    @Test
    void whoGivesUpAsManyCallsAsAllowedStays() throws Exception {
        start(new Connections.Bounds(100, 50, Duration.ofSeconds(1), null, Duration.ZERO), false);
        try (RawHttp2 client = new RawHttp2(server.port())) {
            client.beginAndGiveUp(50);

            // It ends, much later, because it is idle.
            assertEquals(NO_ERROR, error(client.await(RawHttp2.GOAWAY)));
        }
    }

    @Test
    void aConnectionIsToldHowManyCallsItMayHaveUnderWay() throws Exception {
        start(new Connections.Bounds(7, 50, null, null, Duration.ZERO), false);
        try (RawHttp2 client = new RawHttp2(server.port())) {
            ByteBuffer settings = client.await(RawHttp2.SETTINGS).payload();
            int streams = -1;
            while (settings.hasRemaining()) {
                int name = settings.getShort();
                int value = settings.getInt();
                streams = name == MAX_CONCURRENT_STREAMS ? value : streams;
            }

            assertEquals(7, streams);
        }
    }

    @Test
    void aConnectionWithoutACallEnds() throws Exception {
        start(new Connections.Bounds(100, 50, Duration.ofSeconds(1), null, Duration.ZERO), false);
        try (RawHttp2 client = new RawHttp2(server.port())) {
            assertEquals(NO_ERROR, error(client.await(RawHttp2.GOAWAY)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlyWhoGoesOfItselfIsMissed(boolean sentAway) throws Exception {
        Duration idle = sentAway ? Duration.ofSeconds(1) : Duration.ofHours(1);
        start(new Connections.Bounds(100, 50, idle, null, Duration.ZERO), false);
        try (RawHttp2 envoy = new RawHttp2(server.port())) {
            // The second one acknowledges ours: it is known by then.
            envoy.await(RawHttp2.SETTINGS);
            envoy.await(RawHttp2.SETTINGS);
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
            peers.connected(address).holds(new HeldReservation("llm", "a"), 60_000_000);
            peers.disconnected(address, false);
            if (sentAway) {
                envoy.await(RawHttp2.GOAWAY);
            }
        }
        misses.take().run();

        assertEquals(sentAway ? List.of() : List.of(new HeldReservation("llm", "a")), gone);
    }

    @Test
    void aConnectionOfItsAgeIsAskedToGo() throws Exception {
        start(new Connections.Bounds(100, 50, null, Duration.ofSeconds(1), Duration.ofSeconds(1)), false);
        try (RawHttp2 client = new RawHttp2(server.port())) {
            assertEquals(NO_ERROR, error(client.await(RawHttp2.GOAWAY)));
            client.awaitEnd();
        }
    }

    @Test
    void whichServicesThereAreIsToldOnlyWhereItIsWanted() throws Exception {
        start(Connections.Bounds.DEFAULT, false);
        try (Calls client = new Calls(server.port())) {
            ExecutionException refused = assertThrows(
                    ExecutionException.class, () -> reflected(client).get());
            assertEquals(
                    Status.Code.UNIMPLEMENTED,
                    ((StatusRuntimeException) refused.getCause()).getStatus().getCode());
        }
        server.stop(Duration.ZERO);
        start(Connections.Bounds.DEFAULT, true);
        try (Calls client = new Calls(server.port())) {
            assertTrue(reflected(client).get().hasFileDescriptorResponse());
        }
    }

    private static CompletableFuture<ServerReflectionResponse> reflected(Calls client) {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> asking =
                ServerReflectionGrpc.newStub(client.channel()).serverReflectionInfo(Calls.first(answer));
        asking.onNext(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol(WireMethods.RATE_LIMIT_SERVICE.getName())
                .build());
        asking.onCompleted();
        return answer;
    }

    private void start(Connections.Bounds bounds, boolean reflection) throws Exception {
        server = new GrpcServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of(ServerServiceDefinition.builder(WireMethods.RATE_LIMIT_SERVICE)
                        .addMethod(
                                WireMethods.SHOULD_RATE_LIMIT_IN_BYTES,
                                ServerCalls.asyncUnaryCall((request, answer) -> {}))
                        .build()),
                new Connections(bounds, null, reflection),
                null,
                peers);
    }

    private static void assertHealthy(Calls client) {
        HealthGrpc.newBlockingStub(client.channel()).check(HealthCheckRequest.getDefaultInstance());
    }

    private static int error(RawHttp2.Frame goAway) {
        return goAway.payload().getInt(4);
    }
}
