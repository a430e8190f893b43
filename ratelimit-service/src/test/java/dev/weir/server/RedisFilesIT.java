package dev.weir.server;

import static dev.weir.envoy.Calls.descriptor;
import static dev.weir.envoy.Calls.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.envoy.Calls;
import dev.weir.testing.Await;
import dev.weir.testing.RealRedis;
import dev.weir.testing.TestService;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** R4.8: where Redis is and the password for it change under a service that runs. */
@Timeout(60)
class RedisFilesIT {
    private static final String CONNECTED = "weir_store_connected";
    private static final String LOGIN_LOADS = "weir_redis_login_loads_total";

    @TempDir
    private Path folder;

    private Path policy;

    @BeforeEach
    void write() throws IOException {
        policy = write("policy.yaml", """
                domain: llm
                limits:
                  - {name: all, tier: global, per: [], allow: 1000 requests / 1m}
                """);
    }

    @Test
    void aPasswordIsChangedWithoutARestartAndWithoutAGap() throws Exception {
        try (RealRedis redis = RealRedis.start()) {
            redis.tell("ACL SETUSER weir on >0ld >n3w ~w1:* +@connection +@read +@write +@scripting +select +time");
            RedisFiles files = new RedisFiles(
                    write("url", redis.url() + "\n"), write("user", "weir\n"), write("password", "0ld\n"));
            try (TestService weir = TestService.onRedisOf(policy, files);
                    Calls envoy = new Calls(weir.grpcPort())) {
                String before = connections(redis);
                write("password", "n3w");
                Await.until("another connection", () -> {
                    ask(envoy);
                    return !connections(redis).equals(before);
                });
                redis.tell("ACL SETUSER weir <0ld");
                redis.tell("CLIENT KILL TYPE normal SKIPME yes");
                Await.until(
                        "the end of that connection", () -> !connections(redis).equals(before));
                Await.until("a connection by the new password", () -> weir.metric(CONNECTED) == 1);
                ask(envoy);
            }
        }
    }

    @Test
    void anotherRedisIsUsedFromWhenTheFileNamesItAndOneThatIsNoneIsNot() throws Exception {
        try (RealRedis one = RealRedis.start();
                RealRedis other = RealRedis.start()) {
            RedisFiles files = new RedisFiles(write("url", one.url()), null, null);
            try (TestService weir = TestService.onRedisOf(policy, files);
                    Calls envoy = new Calls(weir.grpcPort())) {
                write("url", "");
                weir.awaitMetric(LOGIN_LOADS + "{outcome=\"refused\"}", 1);
                write("url", "nonsense");
                weir.awaitMetric(LOGIN_LOADS + "{outcome=\"refused\"}", 2);
                ask(envoy);
                write("url", other.url());
                Await.until("a bucket in the other Redis", () -> {
                    ask(envoy);
                    return other.tell("KEYS w1:*").contains(":all");
                });
                assertEquals(1, weir.metric(LOGIN_LOADS + "{outcome=\"loaded\"}"));
            }
        }
    }

    @Test
    void awayFromRedisItSaysWhyAndStaysReady() throws Exception {
        try (RealRedis redis = RealRedis.start();
                TestService weir = TestService.onRedis(policy, null, redis.url());
                Calls envoy = new Calls(weir.grpcPort())) {
            assertEquals("ready\n", weir.page("/readyz").body());
            assertEquals(1, weir.metric(CONNECTED));
            redis.close();
            Await.until("the reason", () -> weir.page("/readyz").body().contains("Connection refused"));
            assertEquals(200, weir.page("/readyz").statusCode());
            assertEquals(0, weir.metric(CONNECTED));
            assertThrows(StatusRuntimeException.class, () -> ask(envoy));
            assertEquals(
                    ServingStatus.SERVING,
                    HealthGrpc.newBlockingStub(envoy.channel())
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatus());
            redis.restart();
            Await.until("the way back", () -> weir.metric(CONNECTED) == 1);
            assertEquals("ready\n", weir.page("/readyz").body());
            ask(envoy);
        }
    }

    private static void ask(Calls envoy) {
        assertEquals(Code.OK, envoy.ask(request("llm", descriptor())).getOverallCode());
    }

    /** The numbers of the connections of the user weir. */
    private static String connections(RealRedis redis) {
        return redis.tell("CLIENT LIST")
                .lines()
                .filter(line -> line.contains(" user=weir "))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList()
                .toString();
    }

    private Path write(String name, String text) throws IOException {
        Path written = Files.writeString(folder.resolve(name + ".new"), text);
        return Files.move(written, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
}
