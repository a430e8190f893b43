package dev.weir.server;

import static dev.weir.envoy.Calls.descriptor;
import static dev.weir.envoy.Calls.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.envoy.Calls;
import dev.weir.envoy.listen.GrpcServer;
import dev.weir.refusal.sink.RefusalTarget;
import dev.weir.refusal.sink.Rotation;
import dev.weir.testing.RealRedis;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R6.1: starting, leaving and what a health check is told meanwhile. */
class ServerIT {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    private Path folder;

    private Path policy;

    @BeforeEach
    void write() throws IOException {
        policy = Files.writeString(folder.resolve("policy.yaml"), """
                domain: llm
                limits:
                  - {name: all, tier: global, per: [], allow: 1 requests / 1m}
                """);
    }

    @Test
    void aListenerDoesNotServeUntilItIsToldTo() throws Exception {
        GrpcServer server = new GrpcServer(ANY_PORT, List.of());
        try (Calls envoy = new Calls(server.port())) {
            assertEquals(ServingStatus.NOT_SERVING, health(envoy));
            server.serving();
            assertEquals(ServingStatus.SERVING, health(envoy));
        } finally {
            server.stop(Duration.ZERO);
        }
    }

    @Test
    void whoLeavesFailsItsHealthChecksAnswersForAWhileAndWritesItsLastRefusals() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Server service = Server.start(options(ANY_PORT, ANY_PORT), out);
        try (Calls envoy = new Calls(service.grpcPort())) {
            envoy.ask(request("llm", descriptor()));
            assertEquals(200, ready(service));
            CountDownLatch drained = new CountDownLatch(1);
            CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> service.stop(() -> await(drained)));
            while (ready(service) == 200) {
                Thread.onSpinWait();
            }
            assertEquals(ServingStatus.NOT_SERVING, health(envoy));
            assertEquals(
                    Code.OVER_LIMIT, envoy.ask(request("llm", descriptor())).getOverallCode());
            drained.countDown();
            stop.join();
            assertThrows(StatusRuntimeException.class, () -> envoy.ask(request("llm", descriptor())));
            assertThrows(ConnectException.class, () -> ready(service));
            assertEquals(1, out.toString(StandardCharsets.UTF_8).lines().count());
        }
    }

    @Test
    void anAddressThatIsTakenIsAnErrorAndLeavesNothingBehind() throws Exception {
        Server first = Server.start(options(ANY_PORT, ANY_PORT), OutputStream.nullOutputStream());
        try {
            InetSocketAddress taken = new InetSocketAddress(ANY_PORT.getAddress(), first.grpcPort());
            InetSocketAddress admin = new InetSocketAddress(ANY_PORT.getAddress(), RealRedis.freePort());
            OutputStream out = OutputStream.nullOutputStream();
            assertThrows(IOException.class, () -> Server.start(options(taken, admin), out));
            assertThrows(ConnectException.class, () -> ready(admin.getPort()));
        } finally {
            first.stop(Duration.ZERO);
        }
    }

    private ServerOptions options(InetSocketAddress grpc, InetSocketAddress admin) {
        return new ServerOptions(
                policy,
                null,
                ServerOptions.Store.MEMORY,
                grpc,
                admin,
                new RefusalTarget.Stdout(),
                Rotation.of(1, 1),
                Duration.ZERO);
    }

    private static ServingStatus health(Calls envoy) {
        return HealthGrpc.newBlockingStub(envoy.channel())
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus();
    }

    private static int ready(Server service) throws Exception {
        return ready(service.adminPort());
    }

    private static int ready(int port) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
