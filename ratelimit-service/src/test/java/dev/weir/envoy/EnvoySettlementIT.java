package dev.weir.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.testing.Await;
import dev.weir.testing.HttpCaller;
import dev.weir.testing.Provider;
import dev.weir.testing.RealEnvoy;
import dev.weir.testing.RealRedis;
import dev.weir.testing.Relay;
import dev.weir.testing.ReplicaProcess;
import dev.weir.testing.Secrets;
import dev.weir.testing.TestService;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * R3.7, R5.6, R5.7: a request is admitted, something happens to the service while the provider thinks, and the real Envoy tells
 * of the end. It was estimated at 500 tokens and has used 41.
 */
class EnvoySettlementIT {
    private static final String BODY = "{\"max_tokens\":500,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final Used ADMITTED = new Used(1, 500, 1);
    private static final Used SETTLED = new Used(1, 41, 0);

    @TempDir
    private Path folder;

    private String config;
    private Path policy;
    private Path keys;
    private RealRedis redis;
    private Provider provider;
    private Relay thinking;

    @BeforeEach
    void start() throws Exception {
        // An admission has time here, even on a machine that is busy.
        config = RealEnvoy.replaced(RealEnvoy.shippedConfig(), " timeout: 1s", " timeout: 10s");
        policy = Files.writeString(folder.resolve("policy.yaml"), Used.POLICY);
        keys = Files.writeString(folder.resolve("keys.yaml"), Secrets.register(List.of("alice", "bob")));
        redis = RealRedis.start();
        provider = Provider.start();
        thinking = Relay.before(provider.port());
    }

    @AfterEach
    void stop() throws Exception {
        thinking.close();
        provider.close();
        redis.close();
    }

    @Test
    void aSettlementIsTriedAgainUntilTheServiceIsBackAndCountsOnce() throws Exception {
        TestService before = TestService.onRedis(policy, keys, redis.url());
        int port = before.grpcPort();
        try (RealEnvoy envoy = envoy(config, port)) {
            CompletableFuture<HttpResponse<String>> answer = admitted(envoy, port);
            before.close();
            assertEquals(200, answerOf(answer));
            envoy.awaitStat("cluster.weir.upstream_cx_connect_fail", 1);
            try (TestService after = TestService.onRedisAt(port, policy, keys, redis.url())) {
                after.awaitMetric(settlements("settled"), 1);
                assertEquals(SETTLED, used("alice", port));
                assertEquals(0, after.metric(settlements("unknown")));
                assertEquals(500, after.metric(tokens("held")));
                assertEquals(41, after.metric(tokens("used")));
            }
        }
    }

    @Test
    void aSettlementThatIsGivenUpLeavesTheEstimateAndASlotThatExpiresWithItsLease() throws Exception {
        String impatient = RealEnvoy.replaced(config, "num_retries: 10", "num_retries: 1");
        TestService before = TestService.onRedis(policy, keys, redis.url());
        int port = before.grpcPort();
        try (RealEnvoy envoy = envoy(impatient, port)) {
            CompletableFuture<HttpResponse<String>> answer = admitted(envoy, port);
            before.close();
            assertEquals(200, answerOf(answer));
            envoy.awaitStat("cluster.weir.upstream_rq_retry_limit_exceeded", 1);
        }
        try (TestService after = TestService.onRedisAt(port, policy, keys, redis.url());
                Calls direct = new Calls(port)) {
            assertEquals(ADMITTED, Used.by("alice", direct));
            Duration left = Used.untilSlotExpires("alice", direct);
            assertTrue(left.toSeconds() > 0 && left.toSeconds() <= 60, left.toString());
            assertEquals(0, after.metric(settlements("settled")));
        }
    }

    @Test
    void aSettlementWhoseAnswerIsLostIsSentAgainAndCountsOnce() throws Exception {
        try (TestService service = TestService.onRedis(policy, keys, redis.url());
                Relay relay = Relay.before(service.grpcPort());
                RealEnvoy envoy = envoy(config, relay.port())) {
            CompletableFuture<HttpResponse<String>> answer = admitted(envoy, service.grpcPort());
            relay.lose();
            assertEquals(200, answerOf(answer));
            service.awaitMetric(settlements("settled"), 1);
            relay.cut();
            service.awaitMetric(settlements("unknown"), 1);
            assertEquals(SETTLED, used("alice", service.grpcPort()));
            assertEquals(1, service.metric(settlements("settled")));
            assertEquals(41, service.metric(tokens("used")));
        }
    }

    /** Redis settles when it wakes up, and the service has reported a failure by then. */
    @Test
    void aSettlementThatTheStoreTookTooLongForIsSentAgainAndCountsOnce() throws Exception {
        try (TestService service = TestService.onRedis(policy, keys, redis.url(), Duration.ofSeconds(2));
                RealEnvoy envoy = envoy(config, service.grpcPort())) {
            CompletableFuture<HttpResponse<String>> answer = admitted(envoy, service.grpcPort());
            redis.pause();
            assertEquals(200, answerOf(answer));
            envoy.awaitStat("cluster.weir.upstream_rq_retry", 1);
            redis.resume();
            service.awaitMetric(settlements("unknown"), 1);
            assertEquals(SETTLED, used("alice", service.grpcPort()));
            assertEquals(0, service.metric(settlements("settled")));
        }
    }

    @Test
    void whatOneReplicaAdmittedAnotherSettles() throws Exception {
        try (TestService one = TestService.onRedis(policy, keys, redis.url());
                TestService other = TestService.onRedis(policy, keys, redis.url());
                RealEnvoy envoy =
                        envoy(RealEnvoy.settlingAt(config, RealEnvoy.port(other.grpcPort())), one.grpcPort())) {
            CompletableFuture<HttpResponse<String>> answer = admitted(envoy, other.grpcPort());
            assertEquals(200, answerOf(answer));
            other.awaitMetric(settlements("settled"), 1);
            assertEquals(SETTLED, used("alice", one.grpcPort()));
            assertEquals(SETTLED, used("alice", other.grpcPort()));
            assertEquals(0, one.metric(settlements("settled")));
        }
    }

    @Test
    void whatAReplicaAdmittedThatWasKilledAnotherSettles() throws Exception {
        try (ReplicaProcess killed = ReplicaProcess.start(policy, keys, redis.url());
                TestService other = TestService.onRedis(policy, keys, redis.url());
                RealEnvoy envoy = envoy(
                        RealEnvoy.settlingAt(
                                config, RealEnvoy.port(killed.grpcPort()), RealEnvoy.port(other.grpcPort())),
                        killed.grpcPort())) {
            CompletableFuture<HttpResponse<String>> answer = admitted(envoy, other.grpcPort());
            killed.kill();
            assertEquals(200, answerOf(answer));
            other.awaitMetric(settlements("settled"), 1);
            assertEquals(SETTLED, used("alice", other.grpcPort()));
            assertEquals(0, other.metric(settlements("unknown")));
        }
    }

    @Test
    void aRefusedRequestUsesNothingAndItsEndIsNotTold() throws Exception {
        try (TestService service = TestService.onRedis(policy, keys, redis.url());
                RealEnvoy envoy = envoy(config, service.grpcPort())) {
            double calls = service.metric("weir_decision_seconds_count");
            String tooLarge = BODY.replace("500", "10001");
            assertEquals(
                    429,
                    new HttpCaller(envoy.port(), Secrets.of("alice"))
                            .post(tooLarge)
                            .statusCode());
            assertEquals(
                    200,
                    new HttpCaller(envoy.port(), Secrets.of("bob"))
                            .post(BODY, "x-provider-tokens", "40")
                            .statusCode());
            service.awaitMetric(settlements("settled"), 1);
            assertEquals(calls + 3, service.metric("weir_decision_seconds_count"), "one for alice, two for bob");
            assertEquals(Used.NOTHING, used("alice", service.grpcPort()));
            assertEquals(SETTLED, used("bob", service.grpcPort()));
        }
    }

    /** A request of alice's whose answer waits. */
    private CompletableFuture<HttpResponse<String>> admitted(RealEnvoy envoy, int replica) {
        thinking.hold();
        CompletableFuture<HttpResponse<String>> answer =
                new HttpCaller(envoy.port(), Secrets.of("alice")).postAsync(BODY, "x-provider-tokens", "40");
        Await.until("the provider's answer", () -> thinking.hasWithheld() || answer.isDone());
        assertFalse(answer.isDone(), () -> "not admitted: " + answer.join());
        assertEquals(ADMITTED, used("alice", replica));
        return answer;
    }

    private int answerOf(CompletableFuture<HttpResponse<String>> answer) {
        thinking.pass();
        return answer.join().statusCode();
    }

    private static Used used(String user, int replica) {
        try (Calls direct = new Calls(replica)) {
            return Used.by(user, direct);
        }
    }

    private static String settlements(String outcome) {
        return "weir_settlements_total{domain=\"llm\",outcome=\"" + outcome + "\"}";
    }

    private static String tokens(String kind) {
        return "weir_settled_tokens_total{domain=\"llm\",kind=\"" + kind + "\"}";
    }

    private RealEnvoy envoy(String config, int servicePort) throws Exception {
        return RealEnvoy.startOneWorker(folder, config, thinking.port(), RealEnvoy.port(servicePort));
    }
}
