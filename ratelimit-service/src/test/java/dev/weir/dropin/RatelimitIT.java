package dev.weir.dropin;

import static dev.weir.envoy.Calls.descriptor;
import static dev.weir.envoy.Calls.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weir.envoy.Calls;
import dev.weir.testing.Await;
import dev.weir.testing.RatelimitProcess;
import dev.weir.testing.RealRedis;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit.Unit;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir ratelimit} with a real Redis: what those who run envoyproxy/ratelimit have, they have here. */
class RatelimitIT {
    private static RealRedis redis;

    @TempDir
    private Path folder;

    private final Map<String, String> variables = new HashMap<>();

    @BeforeAll
    static void startRedis() {
        redis = RealRedis.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void variables() throws IOException {
        release("one", 2);
        Files.createSymbolicLink(folder.resolve("current"), Path.of("one"));
        variables.put("RUNTIME_ROOT", folder.resolve("current").toString());
        variables.put("RUNTIME_SUBDIRECTORY", "ratelimit");
        variables.put("REDIS_SOCKET_TYPE", "tcp");
        variables.put("REDIS_URL", redis.url().replace("redis://", ""));
    }

    @AfterEach
    void forget() {
        redis.flush();
    }

    private void release(String name, int requests) throws IOException {
        Path config = Files.createDirectories(folder.resolve(name + "/ratelimit/config/deep"));
        Files.writeString(config.resolve("limits.txt"), """
                domain: shop
                descriptors:
                  - key: user
                    rate_limit: {unit: year, requests_per_unit: %d, name: per-user}
                  - key: plan
                    value: free
                    shadow_mode: true
                    rate_limit: {unit: week, requests_per_unit: 7}
                    descriptors:
                      - {key: path, quota_mode: true, rate_limit: {unit: second, requests_per_unit: 1}}
                  - {key: staff, rate_limit: {unlimited: true}}
                """.formatted(requests));
    }

    @Test
    void aLimitIsEnforcedOverGrpcAndOverHttp() throws Exception {
        try (RatelimitProcess weir = RatelimitProcess.start(variables);
                Calls envoy = new Calls(weir.grpcPort())) {
            RateLimitResponse first = envoy.ask(request("shop", descriptor("user", "alice")));
            assertEquals(Code.OK, first.getOverallCode());
            assertEquals(1, first.getStatuses(0).getLimitRemaining());
            assertEquals("per-user", first.getStatuses(0).getCurrentLimit().getName());
            assertEquals(Unit.YEAR, first.getStatuses(0).getCurrentLimit().getUnit());
            assertEquals(0, first.getResponseHeadersToAddCount());

            HttpResponse<String> second = weir.json(
                    "{\"domain\":\"shop\",\"descriptors\":[{\"entries\":[{\"key\":\"user\",\"value\":\"alice\"}]}]}");
            assertEquals(200, second.statusCode());
            HttpResponse<String> third = weir.json(
                    "{\"domain\":\"shop\",\"descriptors\":[{\"entries\":[{\"key\":\"user\",\"value\":\"alice\"}],"
                            + "\"hits_addend\":1}],\"hits_addend\":1}");
            assertEquals(429, third.statusCode());
            assertEquals(
                    "application/json",
                    third.headers().firstValue("content-type").orElse(""));
            JsonObject refusal = JsonParser.parseString(third.body()).getAsJsonObject();
            assertTrue(refusal.toString().contains("\"durationUntilReset\":\""), third.body());
            refusal.getAsJsonArray("statuses").get(0).getAsJsonObject().remove("durationUntilReset");
            assertEquals(
                    "{\"overallCode\":\"OVER_LIMIT\",\"statuses\":[{\"code\":\"OVER_LIMIT\",\"currentLimit\":"
                            + "{\"requestsPerUnit\":2,\"unit\":\"YEAR\",\"name\":\"per-user\"}}]}",
                    refusal.toString());
            assertEquals(
                    Code.OVER_LIMIT,
                    envoy.ask(request("shop", descriptor("user", "alice"))).getOverallCode());
        }
    }

    @Test
    void itsPagesAreThereWithWeirsOwnBesideThem() throws Exception {
        try (RatelimitProcess weir = RatelimitProcess.start(variables);
                Calls envoy = new Calls(weir.grpcPort())) {
            assertEquals("OK", weir.get("/healthcheck").body());
            assertEquals(200, weir.get("/readyz").statusCode());
            assertEquals(200, weir.get("/metrics").statusCode());
            assertEquals(
                    ServingStatus.SERVING,
                    HealthGrpc.newBlockingStub(envoy.channel())
                            .check(HealthCheckRequest.newBuilder()
                                    .setService("ratelimit")
                                    .build())
                            .getStatus());
            assertEquals("""
                    shop.user: unit=YEAR requests_per_unit=2, shadow_mode: false, quota_mode: false
                    shop.plan_free: unit=WEEK requests_per_unit=7, shadow_mode: true, quota_mode: false
                    shop.plan_free.path: unit=SECOND requests_per_unit=1, shadow_mode: false, quota_mode: true
                    shop.staff: unit=UNKNOWN requests_per_unit=0, shadow_mode: false, quota_mode: false
                    """, weir.debug("/rlconfig").body());
            assertEquals(404, weir.debug("/stats").statusCode());
            assertEquals(404, weir.debug("/debug/pprof/heap").statusCode());
            assertEquals(400, weir.get("/json").statusCode());
            assertEquals(400, weir.json("{\"domain\":\"shop\",\"nonsense\":1}").statusCode());
            assertEquals(400, weir.json("{\"domain\":\"shop\"}").statusCode());
            assertEquals(413, weir.json(" ".repeat((1 << 20) + 1)).statusCode());
            assertEquals(
                    "{\"overallCode\":\"OK\",\"statuses\":[{\"code\":\"OK\"}]}",
                    weir.json("{\"domain\":\"other\",\"descriptors\":[{\"entries\":[{\"key\":\"a\"}]}]}")
                            .body());
        }
    }

    @Test
    void theLinkOfTheRootIsTurned() throws Exception {
        try (RatelimitProcess weir = RatelimitProcess.start(variables)) {
            release("two", 5);
            turn("two");
            Await.until(
                    "the new limit",
                    () -> weir.debug("/rlconfig").body().startsWith("shop.user: unit=YEAR requests_per_unit=5,"));

            Files.createDirectories(folder.resolve("three/ratelimit/config"));
            Files.writeString(folder.resolve("three/ratelimit/config/broken"), "domain: shop\ndescriptors: 7\n");
            turn("three");
            Await.until(
                    "the refusal of a broken one",
                    () -> weir.lines().stream().anyMatch(line -> line.contains("config/broken:2:")));
            assertTrue(weir.debug("/rlconfig").body().contains("requests_per_unit=5,"));
        }
    }

    private void turn(String to) throws IOException {
        Path turned = Files.createSymbolicLink(folder.resolve("turned"), Path.of(to));
        Files.move(turned, folder.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void variablesWithoutAMeaningAreNamedInTheLogWhichMayBeJson() {
        variables.putAll(Map.of("REDIS_POOL_SIZE", "10", "LOCAL_CACHE_SIZE_IN_BYTES", "4096", "USE_STATSD", "false"));
        variables.put("LOG_FORMAT", "json");
        try (RatelimitProcess weir = RatelimitProcess.start(variables)) {
            List<JsonObject> log = weir.lines().stream()
                    .map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .filter(line -> line.get("level").getAsString().equals("WARN"))
                    .toList();
            assertEquals(2, log.size(), log::toString);
            String message = log.get(0).get("formattedMessage").getAsString();
            assertTrue(message.startsWith("REDIS_POOL_SIZE has no effect: "), log::toString);
            assertTrue(log.get(1).toString().contains("LOCAL_CACHE_SIZE_IN_BYTES has no effect: "), log::toString);
        }
    }

    @Test
    void allThatCannotBeUsedIsToldAtOnceWithExitStatus2() {
        variables.putAll(Map.of("PORT", "http", "SHADOW_MODE", "on", "REDIS_TYPE", "CLUSTER"));
        try (RatelimitProcess weir = RatelimitProcess.begin(variables)) {
            assertEquals(2, weir.awaitStatus());
            assertEquals(3, weir.lines().size(), weir.lines()::toString);
        }
    }

    @Test
    void withoutAPolicyItEndsUnlessItIsToldToStart() throws Exception {
        Files.delete(folder.resolve("current"));
        try (RatelimitProcess weir = RatelimitProcess.begin(variables)) {
            assertEquals(2, weir.awaitStatus());
        }
        variables.put("FORCE_START_WITHOUT_INITIAL_CONFIG", "true");
        variables.put("HEALTHY_WITH_AT_LEAST_ONE_CONFIG_LOADED", "true");
        try (RatelimitProcess weir = RatelimitProcess.start(variables)) {
            assertEquals(500, weir.get("/healthcheck").statusCode());
            assertEquals(
                    400,
                    weir.json("{\"domain\":\"shop\",\"descriptors\":[{\"entries\":[{\"key\":\"user\"}]}]}")
                            .statusCode());
            Files.createSymbolicLink(folder.resolve("current"), Path.of("one"));
            Await.until("health", () -> weir.get("/healthcheck").statusCode() == 200);
            assertFalse(weir.debug("/rlconfig").body().isEmpty());
        }
    }

    @Test
    void itWaitsForRedisAsLongAsItIsTold() {
        variables.put("REDIS_URL", "127.0.0.1:" + RealRedis.freePort());
        variables.put("REDIS_STARTUP_INITIAL_INTERVAL", "10ms");
        variables.put("REDIS_STARTUP_MAX_ELAPSED_TIME", "25ms");
        try (RatelimitProcess weir = RatelimitProcess.begin(variables)) {
            assertEquals(1, weir.awaitStatus());
            assertEquals(
                    2,
                    weir.lines().stream()
                            .filter(line -> line.contains("trying again in"))
                            .count(),
                    weir.lines()::toString);
        }
    }
}
