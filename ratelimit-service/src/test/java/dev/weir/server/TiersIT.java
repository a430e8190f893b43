package dev.weir.server;

import static dev.weir.envoy.Calls.descriptor;
import static dev.weir.envoy.Calls.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.envoy.Calls;
import dev.weir.policy.tiers.Scenario;
import dev.weir.refusal.sink.RefusalTarget;
import dev.weir.refusal.sink.Rotation;
import dev.weir.testing.RealRedis;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.lettuce.core.RedisClient;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R5.3: the scenario's policy as it stands, with its Redis from its variable and its prefix, by two replicas. */
class TiersIT {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    private Path folder;

    @Test
    void replicasCountTogetherInTheRedisOfTheVariableUnderThePrefix() throws Exception {
        try (RealRedis redis = RealRedis.start()) {
            Server one = start(redis.url());
            Server other = start(redis.url());
            try (Calls toOne = new Calls(one.grpcPort());
                    Calls toOther = new Calls(other.grpcPort())) {
                for (int i = 0; i < 20; i++) {
                    Calls replica = i % 2 == 0 ? toOne : toOther;
                    RateLimitResponse answer = replica.ask(alice());
                    assertEquals(Code.OK, answer.getOverallCode());
                    // By the other one, which knows of it from Redis alone.
                    Calls settling = i % 2 == 0 ? toOther : toOne;
                    settling.ask(request("llm", Calls.settle(Calls.reservation(answer), 10, "200")));
                }

                RateLimitResponse refused = toOne.ask(alice());
                assertEquals(Code.OVER_LIMIT, refused.getOverallCode());
                assertTrue(refused.getRawBody().toStringUtf8().contains("`user-requests`"), refused::toString);
            } finally {
                one.stop(Duration.ZERO);
                other.stop(Duration.ZERO);
            }
            List<String> keys = keys(redis);
            assertTrue(
                    keys.contains("kt:rl:prod:w1:{llm}:user-requests:sliding_window/60000000:user:alice"),
                    keys::toString);
            assertEquals(
                    List.of(),
                    keys.stream()
                            .filter(key -> !key.startsWith("kt:rl:prod:w1:{"))
                            .toList());
        }
    }

    private static RateLimitRequest alice() {
        return request("llm", descriptor("key", "laptop", "user", "alice", "team", "search", "model", "m"));
    }

    private Server start(String redis) throws Exception {
        return Server.start(
                new ServerOptions(
                        Scenario.in(folder),
                        null,
                        new ServerOptions.Store(null, null, Duration.ofSeconds(5), ""),
                        ANY_PORT,
                        ANY_PORT,
                        new RefusalTarget.Stdout(),
                        Rotation.of(1, 1),
                        Duration.ZERO,
                        new ServerOptions.Open(true, true, Map.of("REDIS_URL", redis))),
                OutputStream.nullOutputStream());
    }

    private static List<String> keys(RealRedis redis) {
        RedisClient client = RedisClient.create(redis.url());
        try {
            return client.connect().sync().keys("*");
        } finally {
            client.shutdown();
        }
    }
}
