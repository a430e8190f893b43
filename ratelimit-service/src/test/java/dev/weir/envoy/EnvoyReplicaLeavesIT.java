package dev.weir.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.testing.Await;
import dev.weir.testing.HttpCaller;
import dev.weir.testing.Provider;
import dev.weir.testing.RealEnvoy;
import dev.weir.testing.RealRedis;
import dev.weir.testing.ReplicaProcess;
import dev.weir.testing.Secrets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** R6.2: one of two replicas leaves while clients go on asking through the real Envoy, as it is shipped. */
class EnvoyReplicaLeavesIT {
    private static final int CLIENTS = 8;
    private static final int BEFORE = 400;
    private static final int AFTER = 400;
    private static final String BODY = "{\"max_tokens\":10,\"messages\":[]}";
    private static final String HEALTHY = "cluster.weir.membership_healthy";

    @TempDir
    private Path folder;

    private Path policy;
    private Path keys;

    @BeforeEach
    void write() throws Exception {
        policy = Files.writeString(folder.resolve("policy.yaml"), """
                domain: llm
                limits:
                  - {name: user-requests, tier: user, per: [user], allow: 1M requests / 1d}
                """);
        keys = Files.writeString(folder.resolve("keys.yaml"), Secrets.register(List.of("alice")));
    }

    /** With how many requests may fail: those that were under way to a replica that was killed, over two calls and two connections. */
    static Stream<Arguments> leavings() {
        Consumer<ReplicaProcess> told = ReplicaProcess::close;
        Consumer<ReplicaProcess> killed = ReplicaProcess::kill;
        return Stream.of(Arguments.of("is told to go", told, 0), Arguments.of("is killed", killed, 4 * CLIENTS));
    }

    private record Failed(int untilEnvoyKnows, int afterwards) {}

    @ParameterizedTest(name = "{0}")
    @MethodSource("leavings")
    void clientsHardlyNotice(String how, Consumer<ReplicaProcess> leave, int most) throws Exception {
        try (Provider provider = Provider.start();
                RealRedis redis = RealRedis.start();
                ReplicaProcess leaving = ReplicaProcess.start(policy, keys, redis.url());
                ReplicaProcess staying = ReplicaProcess.start(policy, keys, redis.url());
                RealEnvoy envoy = RealEnvoy.start(
                        folder,
                        RealEnvoy.shippedConfig(),
                        provider.port(),
                        RealEnvoy.port(leaving.grpcPort()),
                        RealEnvoy.port(staying.grpcPort()))) {
            envoy.awaitStat(HEALTHY, 2);
            CountDownLatch half = new CountDownLatch(BEFORE);
            CountDownLatch known = new CountDownLatch(1);
            ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
            List<Future<Failed>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> failed(envoy, half, known)));
            }
            half.await();
            leave.accept(leaving);
            Await.until("one replica that is left", () -> envoy.stat(HEALTHY) == 1);
            known.countDown();
            int before = 0;
            int afterwards = 0;
            for (Future<Failed> client : clients) {
                before += client.get().untilEnvoyKnows();
                afterwards += client.get().afterwards();
            }
            threads.shutdown();

            assertEquals(0, afterwards);
            assertTrue(before <= most, before + " requests failed");
        }
    }

    /** Asks until Envoy knows that the other replica has gone, and {@value #AFTER} times more. */
    private static Failed failed(RealEnvoy envoy, CountDownLatch half, CountDownLatch known) throws Exception {
        HttpCaller alice = new HttpCaller(envoy.port(), Secrets.of("alice"));
        int before = 0;
        int afterwards = 0;
        for (int more = AFTER / CLIENTS; more > 0; ) {
            boolean isKnown = known.getCount() == 0;
            int failed = alice.post(BODY).statusCode() == 200 ? 0 : 1;
            before += isKnown ? 0 : failed;
            afterwards += isKnown ? failed : 0;
            more -= isKnown ? 1 : 0;
            half.countDown();
        }
        return new Failed(before, afterwards);
    }
}
