package dev.weir.server;

import static dev.weir.envoy.Calls.descriptor;
import static dev.weir.envoy.Calls.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.envoy.Calls;
import dev.weir.testing.RealRedis;
import dev.weir.testing.TestService;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R3.7, R6.1: a user with 20 a minute gets 20, with 64 connections and with two replicas on one Redis. */
class ReplicasIT {
    private static final int CONNECTIONS = 64;
    private static final int CALLS_EACH = 5;

    @TempDir
    private Path folder;

    private Path policy;

    @BeforeEach
    void write() throws Exception {
        policy = Files.writeString(folder.resolve("policy.yaml"), """
                domain: llm
                limits:
                  - {name: user-requests, tier: user, per: [user], allow: 20 requests / 1m}
                  - {name: user-tokens, tier: user, per: [user], allow: 40k tokens / 1m, estimate: 100}
                """);
    }

    @Test
    void inMemoryExactlyTwentyPassSixtyFourConnections() throws Exception {
        try (TestService service = TestService.inMemory(policy, null)) {
            assertEquals(20, allowedOverManyConnections(List.of(service)));
            String refusals = service.refusals();
            assertEquals(CONNECTIONS * CALLS_EACH - 20, refusals.lines().count());
        }
    }

    @Test
    void onTwoReplicasAndOneRedisExactlyTwentyPassSixtyFourConnections() throws Exception {
        try (RealRedis redis = RealRedis.start();
                TestService one = TestService.onRedis(policy, null, redis.url());
                TestService other = TestService.onRedis(policy, null, redis.url())) {
            assertEquals(20, allowedOverManyConnections(List.of(one, other)));
        }
    }

    @Test
    void whatOneReplicaAdmittedTheOtherSettles() throws Exception {
        try (RealRedis redis = RealRedis.start();
                TestService one = TestService.onRedis(policy, null, redis.url());
                TestService other = TestService.onRedis(policy, null, redis.url());
                Calls toOne = new Calls(one.grpcPort());
                Calls toOther = new Calls(other.grpcPort())) {
            RateLimitResponse first = toOne.ask(request("llm", descriptor("user", "alice", "max_tokens", "40000")));
            toOther.ask(request("llm", Calls.settle(Calls.reservation(first), 10, "200")));
            RateLimitResponse second = toOther.ask(request("llm", descriptor("user", "alice", "max_tokens", "39990")));
            assertEquals(Code.OK, second.getOverallCode());
        }
    }

    @Test
    void withoutItsRedisTheServiceSaysUnavailableAndGoesOn() throws Exception {
        RealRedis redis = RealRedis.start();
        try (TestService service = TestService.onRedis(policy, null, redis.url());
                Calls envoy = new Calls(service.grpcPort())) {
            redis.close();
            StatusRuntimeException e = assertThrows(
                    StatusRuntimeException.class, () -> envoy.ask(request("llm", descriptor("user", "alice"))));
            assertEquals(Status.Code.UNAVAILABLE, e.getStatus().getCode());
            assertEquals(1, service.metric("weir_store_errors_total{domain=\"llm\"}"));
            assertEquals(200, service.page("/healthz").statusCode());
        }
    }

    private static int allowedOverManyConnections(List<TestService> services) throws Exception {
        List<Callable<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            int port = services.get(i % services.size()).grpcPort();
            clients.add(() -> {
                int allowed = 0;
                try (Calls envoy = new Calls(port)) {
                    for (int call = 0; call < CALLS_EACH; call++) {
                        Code code = envoy.ask(request("llm", descriptor("user", "alice")))
                                .getOverallCode();
                        allowed += code == Code.OK ? 1 : 0;
                    }
                }
                return allowed;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        int allowed = 0;
        for (Future<Integer> client : threads.invokeAll(clients)) {
            allowed += client.get();
        }
        threads.shutdown();
        assertTrue(threads.isShutdown());
        return allowed;
    }
}
