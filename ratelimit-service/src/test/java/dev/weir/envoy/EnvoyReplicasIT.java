package dev.weir.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.testing.HttpCaller;
import dev.weir.testing.Provider;
import dev.weir.testing.RealEnvoy;
import dev.weir.testing.RealRedis;
import dev.weir.testing.Secrets;
import dev.weir.testing.TestService;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
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

/** R3.7, R6.1, R6.2: through the real Envoy, over many connections, to two replicas on one Redis; and to none. */
class EnvoyReplicasIT {
    private static final int CONNECTIONS = 64;
    private static final String BODY = "{\"max_tokens\":10,\"messages\":[]}";

    @TempDir
    private Path folder;

    private Path policy;
    private Path keys;

    @BeforeEach
    void write() throws Exception {
        policy = Files.writeString(folder.resolve("policy.yaml"), """
                domain: llm
                limits:
                  - {name: user-requests, tier: user, per: [user], allow: 20 requests / 1m}
                  - {name: user-tokens, tier: user, per: [user], allow: 40k tokens / 1m, estimate: 100}
                """);
        keys = Files.writeString(folder.resolve("keys.yaml"), Secrets.register(List.of("alice")));
    }

    @Test
    void aUserWithTwentyAMinuteGetsTwentyOverSixtyFourConnectionsAndTwoReplicas() throws Exception {
        try (Provider provider = Provider.start();
                RealRedis redis = RealRedis.start();
                TestService one = TestService.onRedis(policy, keys, redis.url());
                TestService other = TestService.onRedis(policy, keys, redis.url());
                RealEnvoy envoy = RealEnvoy.start(
                        folder,
                        RealEnvoy.shippedConfig(),
                        provider.port(),
                        RealEnvoy.port(one.grpcPort()),
                        RealEnvoy.port(other.grpcPort()))) {
            List<Callable<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(() -> {
                    // A client of its own has a connection of its own.
                    HttpCaller alice = new HttpCaller(envoy.port(), Secrets.of("alice"));
                    return alice.post(BODY).statusCode() == 200 ? 1 : 0;
                });
            }
            ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
            int passed = 0;
            for (Future<Integer> client : threads.invokeAll(clients)) {
                passed += client.get();
            }
            threads.shutdown();
            assertEquals(20, passed);
            assertEquals(20, provider.requestsOf("alice").size());
            String allowed = "weir_decisions_total{domain=\"llm\",limit=\"none\",outcome=\"allowed\",tier=\"none\"}";
            assertEquals(20, one.metric(allowed) + other.metric(allowed));
        }
    }

    @Test
    void anEnvoyBesideTheServiceMayUseAUnixSocketAndItsFileIsMadeAnew() throws Exception {
        Path socket = folder.resolve("weir.sock");
        leaveBehind(socket);
        try (Provider provider = Provider.start();
                TestService service = TestService.onSocket(policy, keys, socket);
                RealEnvoy envoy =
                        RealEnvoy.start(folder, RealEnvoy.shippedConfig(), provider.port(), RealEnvoy.pipe(socket))) {
            HttpCaller alice = new HttpCaller(envoy.port(), Secrets.of("alice"));
            assertEquals(200, alice.post(BODY).statusCode());
            service.awaitMetric("weir_settlements_total{domain=\"llm\",outcome=\"settled\"}", 1);
        }
    }

    @Test
    void aFileThatIsNoSocketIsNotReplacedByOne() throws Exception {
        Path file = Files.writeString(folder.resolve("precious"), "data");
        assertThrows(IOException.class, () -> TestService.onSocket(policy, keys, file));
        assertEquals("data", Files.readString(file));
    }

    private static void leaveBehind(Path socket) throws IOException {
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket));
        }
        assertTrue(Files.exists(socket));
    }

    @Test
    void withoutTheServiceNobodyPasses() throws Exception {
        try (Provider provider = Provider.start();
                RealEnvoy envoy = RealEnvoy.start(
                        folder, RealEnvoy.shippedConfig(), provider.port(), RealEnvoy.port(RealRedis.freePort()))) {
            assertEquals(
                    503,
                    new HttpCaller(envoy.port(), Secrets.of("alice")).post(BODY).statusCode());
        }
    }

    @Test
    void whenOnlyTheStoreIsGoneNobodyPassesEither() throws Exception {
        RealRedis redis = RealRedis.start();
        try (Provider provider = Provider.start();
                TestService service = TestService.onRedis(policy, keys, redis.url());
                RealEnvoy envoy = RealEnvoy.start(
                        folder, RealEnvoy.shippedConfig(), provider.port(), RealEnvoy.port(service.grpcPort()))) {
            redis.close();
            assertEquals(
                    503,
                    new HttpCaller(envoy.port(), Secrets.of("alice")).post(BODY).statusCode());
            assertEquals(List.of(), provider.requestsOf("alice"));
        }
    }
}
