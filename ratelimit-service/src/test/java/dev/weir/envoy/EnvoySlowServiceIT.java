package dev.weir.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.testing.Await;
import dev.weir.testing.HttpCaller;
import dev.weir.testing.Provider;
import dev.weir.testing.RealEnvoy;
import dev.weir.testing.RealRedis;
import dev.weir.testing.Relay;
import dev.weir.testing.Secrets;
import dev.weir.testing.TestService;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * R4.4, R5.6: what stands in the buckets after an answer that did not come in time, through the real Envoy with its shipped
 * time-outs. Each test has a user of its own.
 */
class EnvoySlowServiceIT {
    private static final String BODY = "{\"max_tokens\":500,\"messages\":[]}";
    private static final String IN_TIME = "weir_cancellations_total{domain=\"llm\",when=\"in_time\"}";
    private static final String LATE = "weir_cancellations_total{domain=\"llm\",when=\"late\"}";
    private static final String CALLS = "weir_decision_seconds_count";
    /** Longer than Envoy's time-out, which is to pass first. */
    private static final Duration PATIENT = Duration.ofMinutes(1);
    /** Shorter, as it is meant to be. */
    private static final Duration HASTY = Duration.ofMillis(500);

    @TempDir
    private static Path folder;

    private static Path policy;
    private static Path keys;
    private static RealRedis redis;
    private static Provider provider;
    private static TestService service;
    private static Calls direct;

    @BeforeAll
    static void start() throws Exception {
        policy = Files.writeString(folder.resolve("policy.yaml"), Used.POLICY);
        keys = Files.writeString(
                folder.resolve("keys.yaml"),
                Secrets.register(List.of("passed", "refused", "gone", "unknown", "lost", "hasty")));
        redis = RealRedis.start();
        provider = Provider.start();
        service = TestService.onRedis(policy, keys, redis.url(), PATIENT);
        direct = new Calls(service.grpcPort());
    }

    @AfterEach
    void resume() {
        redis.resume();
    }

    @AfterAll
    static void stop() {
        direct.close();
        service.close();
        provider.close();
        redis.close();
    }

    @Test
    void aRequestThatEnvoyLetPassWithoutAnAnswerKeepsItsEstimateAndFreesItsSlot() throws Exception {
        String open =
                RealEnvoy.replaced(RealEnvoy.shippedConfig(), "failure_mode_deny: true", "failure_mode_deny: false");
        try (RealEnvoy envoy = envoy(open, service.grpcPort())) {
            assertEquals(200, answerWhileTheStoreIsSlow(envoy, "passed"));
            assertEquals(1, envoy.stat("cluster.provider.ratelimit.failure_mode_allowed"));
        }
        assertEquals(1, provider.requestsOf("passed").size());
        assertEquals(new Used(1, 500, 0), Used.by("passed", direct));
    }

    /** The service cannot know what Envoy did without its answer. */
    @Test
    void aRequestThatEnvoyRefusedWithoutAnAnswerKeepsItsEstimateAsWell() throws Exception {
        try (RealEnvoy envoy = envoy(RealEnvoy.shippedConfig(), service.grpcPort())) {
            assertEquals(503, answerWhileTheStoreIsSlow(envoy, "refused"));
            assertEquals(0, envoy.stat("cluster.provider.ratelimit.failure_mode_allowed"));
        }
        assertEquals(List.of(), provider.requestsOf("refused"));
        assertEquals(new Used(1, 500, 0), Used.by("refused", direct));
    }

    /** Redis runs what it was sent when it wakes up. */
    @Test
    void aRequestThatTheServiceGaveUpKeepsItsEstimateAndFreesItsSlot() throws Exception {
        try (TestService hasty = TestService.onRedis(policy, keys, redis.url(), HASTY);
                RealEnvoy envoy = envoy(RealEnvoy.shippedConfig(), hasty.grpcPort())) {
            redis.pause();
            assertEquals(503, caller(envoy, "hasty").post(BODY).statusCode());
            assertEquals(1, hasty.metric("weir_store_errors_total{domain=\"llm\"}"));
            redis.resume();
        }
        assertEquals(List.of(), provider.requestsOf("hasty"));
        assertEquals(new Used(1, 500, 0), Used.by("hasty", direct));
    }

    @Test
    void aClientThatLeavesWhileTheStoreIsSlowGetsItsTokensAndItsSlotBack() throws Exception {
        double inTime = service.metric(IN_TIME);
        double calls = service.metric(CALLS);
        try (RealEnvoy envoy = envoy(RealEnvoy.shippedConfig(), service.grpcPort())) {
            redis.pause();
            Socket client = caller(envoy, "gone").send(BODY, "x-provider-mode: silent");
            envoy.awaitStat("cluster.weir.upstream_rq_active", 1);
            awaitWhatEnvoySaid(envoy);
            client.close();
            envoy.awaitStat("cluster.weir.upstream_rq_tx_reset", 1);
            awaitWhatEnvoySaid(envoy);
            redis.resume();
            service.awaitMetric(IN_TIME, inTime + 1);
        }
        assertEquals(calls + 1, service.metric(CALLS), "no call at the end of the stream");
        assertEquals(List.of(), provider.requestsOf("gone"));
        assertEquals(new Used(0, 0, 0), Used.by("gone", direct));
    }

    @Test
    void whoCannotBeIdentifiedInTimeIsRefusedAndUsesNothing() throws Exception {
        double calls = service.metric(CALLS);
        try (Relay relay = Relay.before(service.grpcPort());
                RealEnvoy envoy = envoy(RealEnvoy.shippedConfig(), relay.port())) {
            relay.hold();
            assertEquals(503, caller(envoy, "unknown").post(BODY).statusCode());
        }
        assertEquals(calls, service.metric(CALLS));
        assertEquals(List.of(), provider.requestsOf("unknown"));
        assertEquals(Used.NOTHING, Used.by("unknown", direct));
    }

    /** Envoy resets the stream of the call when its time is up, long after the service has answered. */
    @Test
    void anAnswerThatIsLostOnItsWayLeavesTheEstimateAndFreesTheSlot() throws Exception {
        // The answer has time to be on its way, even on a machine that is busy.
        String patient = RealEnvoy.replaced(RealEnvoy.shippedConfig(), " timeout: 1s", " timeout: 3s");
        // Without health checks: their answers would be lost as well, and Envoy would end the connection with the call.
        String trusting = RealEnvoy.replaced(
                patient,
                "interval: 0.5s, no_traffic_interval: 0.5s, timeout: 0.5s",
                "interval: 600s, no_traffic_interval: 600s, timeout: 600s");
        try (Relay relay = Relay.before(service.grpcPort());
                RealEnvoy envoy = envoy(trusting, relay.port())) {
            redis.pause();
            CompletableFuture<HttpResponse<String>> answer =
                    caller(envoy, "lost").postAsync(BODY);
            envoy.awaitStat("cluster.weir.upstream_rq_total", 2);
            awaitWhatEnvoySaid(envoy);
            relay.lose();
            redis.resume();
            Await.until("an answer that is lost", relay::hasWithheld);
            assertEquals(503, answer.join().statusCode());
        }
        assertEquals(List.of(), provider.requestsOf("lost"));
        Await.until("a free slot", () -> Used.by("lost", direct).slots() == 0);
        assertEquals(new Used(1, 500, 0), Used.by("lost", direct));
    }

    /** Asks, and lets the store go on when Envoy has answered and the service knows that nobody waits any more. */
    private static int answerWhileTheStoreIsSlow(RealEnvoy envoy, String user) throws Exception {
        double late = service.metric(LATE);
        double calls = service.metric(CALLS);
        redis.pause();
        int status = caller(envoy, user).post(BODY).statusCode();
        awaitWhatEnvoySaid(envoy);
        redis.resume();
        service.awaitMetric(LATE, late + 1);
        assertEquals(calls + 1, service.metric(CALLS), "no call at the end of the stream");
        return status;
    }

    /** A stranger is turned away without the store, on the connection on which Envoy has sent or taken back its call. */
    private static void awaitWhatEnvoySaid(RealEnvoy envoy) throws Exception {
        assertEquals(401, caller(envoy, "stranger").post(BODY).statusCode());
        assertEquals(1, envoy.stat("cluster.weir.upstream_cx_total"));
    }

    private static HttpCaller caller(RealEnvoy envoy, String user) {
        return new HttpCaller(envoy.port(), Secrets.of(user));
    }

    private static RealEnvoy envoy(String config, int servicePort) throws Exception {
        return RealEnvoy.startOneWorker(folder, config, provider.port(), RealEnvoy.port(servicePort));
    }
}
