package dev.weir.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.testing.Await;
import dev.weir.testing.HttpCaller;
import dev.weir.testing.Provider;
import dev.weir.testing.RealEnvoy;
import dev.weir.testing.RealRedis;
import dev.weir.testing.Secrets;
import dev.weir.testing.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invariant 4: whatever becomes of clients and of Envoy, no slot is lost, and no stream loses its own. */
@Timeout(120)
class EnvoyAbortsIT {
    private static final int CLIENTS = 200;
    private static final long LONGEST_STAY = TimeUnit.MILLISECONDS.toNanos(20);
    private static final String BODY = "{\"model\":\"demo-model\",\"messages\":[],\"max_tokens\":500}";
    private static final String STREAM =
            "{\"model\":\"demo-model\",\"messages\":[],\"max_tokens\":500,\"stream\":true}";

    @TempDir
    private static Path folder;

    private static Provider provider;
    private static RealRedis redis;
    private static Path keys;

    @BeforeAll
    static void start() throws Exception {
        keys = Files.writeString(folder.resolve("keys.yaml"), Secrets.register(List.of("alice")));
        provider = Provider.start();
        redis = RealRedis.start();
    }

    @AfterAll
    static void stop() {
        provider.close();
        redis.close();
    }

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void clientsThatLeaveWhileEnvoyAsksLeaveNothingBehind(boolean admits, boolean onRedis) throws Exception {
        Path policy = policy(admits, "allow: 5000 parallel");
        Random moments = new Random(7);
        try (TestService service =
                        onRedis ? TestService.onRedis(policy, keys, redis.url()) : TestService.inMemory(policy, keys);
                Calls direct = new Calls(service.grpcPort());
                RealEnvoy envoy = RealEnvoy.start(
                        folder,
                        admits ? RealEnvoy.shippedAdmittingConfig() : RealEnvoy.shippedConfig(),
                        provider.port(),
                        RealEnvoy.port(service.grpcPort()))) {
            HttpCaller caller = new HttpCaller(envoy.port(), Secrets.of("alice"));
            for (int i = 0; i < CLIENTS; i++) {
                caller.vanishAfter(moments.nextLong(LONGEST_STAY), BODY, "x-provider-mode: silent");
            }
            Await.until("all slots free", () -> Used.by("alice", direct).slots() == 0);
            assertEquals(200, caller.post(BODY).statusCode());
        }
    }

    @Test
    void aStreamOfAnyLengthKeepsItsSlot() throws Exception {
        Path policy = policy(false, "allow: 1 parallel, lease: 2s");
        String config = RealEnvoy.replaced(
                RealEnvoy.shippedConfig(), "access_log_flush_interval: 20s", "access_log_flush_interval: 0.5s");
        try (TestService service = TestService.inMemory(policy, keys);
                Calls direct = new Calls(service.grpcPort());
                RealEnvoy envoy =
                        RealEnvoy.start(folder, config, provider.port(), RealEnvoy.port(service.grpcPort()))) {
            HttpCaller caller = new HttpCaller(envoy.port(), Secrets.of("alice"));
            caller.leaveAfter("there", STREAM, "x-provider-mode: hang", () -> {
                Await.until(
                        "signs of life for longer than the lease",
                        () -> service.metric("weir_renewals_total{domain=\"llm\",reservation=\"known\"}") >= 8);
                assertEquals(1, Used.by("alice", direct).slots());
            });
            Await.until("a free slot", () -> Used.by("alice", direct).slots() == 0);
        }
    }

    @Test
    void anEnvoyThatIsKilledTakesNoSlotsWithIt() throws Exception {
        Path policy = policy(false, "allow: 1 parallel, lease: 1d");
        try (TestService service = TestService.onRedis(policy, keys, redis.url());
                Calls direct = new Calls(service.grpcPort());
                RealEnvoy envoy = RealEnvoy.start(
                        folder, RealEnvoy.shippedConfig(), provider.port(), RealEnvoy.port(service.grpcPort()))) {
            new HttpCaller(envoy.port(), Secrets.of("alice"))
                    .leaveAfter("there", STREAM, "x-provider-mode: hang", () -> {
                        assertEquals(1, Used.by("alice", direct).slots());
                        direct.close();
                        envoy.kill();
                    });
            service.awaitMetric("weir_vacated_total{domain=\"llm\"}", 1);
            try (Calls again = new Calls(service.grpcPort())) {
                assertEquals(0, Used.by("alice", again).slots());
            }
        }
    }

    private static Path policy(boolean admits, String slots) throws Exception {
        String policy = admits ? Used.ADMITTING_POLICY : Used.POLICY;
        return Files.writeString(
                folder.resolve("policy.yaml"),
                policy.replace("allow: 3 requests", "allow: 100k requests")
                        .replace("allow: 10k tokens", "allow: 100M tokens")
                        .replace("allow: 3 parallel", slots));
    }
}
