package dev.weir.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.testing.HttpCaller;
import dev.weir.testing.Provider;
import dev.weir.testing.RealEnvoy;
import dev.weir.testing.RealRedis;
import dev.weir.testing.Secrets;
import dev.weir.testing.TestService;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * R4.4, R5.6: what {@link EnvoySlowServiceIT} holds of the rate limit call holds where external authorization admits. Each test has a
 * user of its own.
 */
class EnvoyAdmitSlowServiceIT {
    private static final String BODY = "{\"max_tokens\":500,\"messages\":[]}";
    private static final String IN_TIME = "weir_cancellations_total{domain=\"llm\",when=\"in_time\"}";
    private static final String LATE = "weir_cancellations_total{domain=\"llm\",when=\"late\"}";
    private static final String CALLS = "weir_decision_seconds_count";
    /** Longer than Envoy's time-out, which is to pass first. */
    private static final Duration PATIENT = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private RealRedis redis;
    private Provider provider;
    private TestService service;
    private Calls direct;

    @BeforeEach
    void start() throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), Used.ADMITTING_POLICY);
        Path keys = Files.writeString(
                folder.resolve("keys.yaml"), Secrets.register(List.of("gone", "refused", "unlucky", "away")));
        redis = RealRedis.start();
        provider = Provider.start();
        service = TestService.onRedis(policy, keys, redis.url(), PATIENT);
        direct = new Calls(service.grpcPort());
    }

    @AfterEach
    void stop() {
        direct.close();
        service.close();
        provider.close();
        redis.close();
    }

    @Test
    void aClientThatLeavesWhileTheStoreIsSlowGetsItsTokensAndItsSlotBack() throws Exception {
        try (RealEnvoy envoy = envoy(service.grpcPort())) {
            redis.pause();
            Socket client = caller(envoy, "gone").send(BODY, "x-provider-mode: silent");
            envoy.awaitStat("cluster.weir.upstream_rq_active", 1);
            awaitWhatEnvoySaid(envoy);
            client.close();
            envoy.awaitStat("cluster.weir.upstream_rq_tx_reset", 1);
            awaitWhatEnvoySaid(envoy);
            redis.resume();
            service.awaitMetric(IN_TIME, 1);
        }
        assertEquals(1, service.metric(CALLS), "no call at the end of the stream");
        assertEquals(List.of(), provider.requestsOf("gone"));
        assertEquals(Used.NOTHING, Used.by("gone", direct));
    }

    /** The service cannot know what Envoy did without its answer. */
    @Test
    void aRequestThatEnvoyRefusedWithoutAnAnswerKeepsItsEstimateAndFreesItsSlot() throws Exception {
        try (RealEnvoy envoy = envoy(service.grpcPort())) {
            redis.pause();
            assertEquals(503, caller(envoy, "refused").post(BODY).statusCode());
            awaitWhatEnvoySaid(envoy);
            redis.resume();
            service.awaitMetric(LATE, 1);
        }
        assertEquals(List.of(), provider.requestsOf("refused"));
        assertEquals(new Used(1, 500, 0), Used.by("refused", direct));
    }

    @Test
    void nobodyIsAdmittedWhileTheStoreIsAway() throws Exception {
        try (RealEnvoy envoy = envoy(service.grpcPort())) {
            redis.close();
            assertEquals(503, caller(envoy, "unlucky").post(BODY).statusCode());
        }
        assertEquals(1, service.metric("weir_store_errors_total{domain=\"llm\"}"));
        assertEquals(List.of(), provider.requestsOf("unlucky"));
    }

    @Test
    void nobodyIsAdmittedWhileTheServiceIsAway() throws Exception {
        try (RealEnvoy envoy = envoy(RealRedis.freePort())) {
            assertEquals(503, caller(envoy, "away").post(BODY).statusCode());
        }
        assertEquals(List.of(), provider.requestsOf("away"));
    }

    /** A stranger is turned away without the store, on the connection on which Envoy has sent or taken back its call. */
    private static void awaitWhatEnvoySaid(RealEnvoy envoy) throws Exception {
        assertEquals(401, caller(envoy, "stranger").post(BODY).statusCode());
        assertEquals(1, envoy.stat("cluster.weir.upstream_cx_total"));
    }

    private static HttpCaller caller(RealEnvoy envoy, String user) {
        return new HttpCaller(envoy.port(), Secrets.of(user));
    }

    private RealEnvoy envoy(int servicePort) throws Exception {
        return RealEnvoy.startOneWorker(
                folder, RealEnvoy.shippedAdmittingConfig(), provider.port(), RealEnvoy.port(servicePort));
    }
}
