package dev.weir.kubernetes;

import static dev.weir.envoy.Calls.descriptor;
import static dev.weir.envoy.Calls.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.StoreUnreachableException;
import dev.weir.envoy.Calls;
import dev.weir.testing.PipProgram;
import dev.weir.testing.ServerProgram;
import dev.weir.testing.TestService;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration of overlays/redis, with the user that k8s/README.md makes, is enough for Weir, and remembers. */
class RedisOverlayIT {
    private static final Pattern USERS = Pattern.compile("users\\.acl=\"([^\"]+)\"");
    private static final Path POLICY = Shipped.FOLDER.resolve("policy/policy.yaml");
    private static final int SEARCHES = 30;

    @TempDir
    private Path folder;

    @Test
    void weirCountsInItAndNothingIsForgottenWhenItRestarts() throws Exception {
        Path program = PipProgram.VALKEY.findOrSkip();
        Path config = config();
        try (ServerProgram redis = ServerProgram.startWithConfig(program, config, "weir:secret");
                TestService weir = TestService.onRedis(POLICY, null, redis.url());
                Calls envoy = new Calls(weir.grpcPort())) {
            for (int i = 0; i < SEARCHES; i++) {
                assertEquals(Code.OK, search(envoy));
            }
        }

        try (ServerProgram redis = ServerProgram.startWithConfig(program, config, "weir:secret");
                TestService weir = TestService.onRedis(POLICY, null, redis.url());
                Calls envoy = new Calls(weir.grpcPort())) {
            assertEquals(Code.OVER_LIMIT, search(envoy));
        }
    }

    @Test
    void nobodyElseGetsIn() throws Exception {
        Path program = PipProgram.VALKEY.findOrSkip();
        try (ServerProgram redis = ServerProgram.startWithConfig(program, config(), "weir:guessed")) {
            assertThrows(StoreUnreachableException.class, () -> TestService.onRedis(POLICY, null, redis.url()));
        }
    }

    private Path config() throws Exception {
        Matcher users = USERS.matcher(Shipped.read("README.md"));
        assertTrue(users.find());
        Files.writeString(folder.resolve("users.acl"), users.group(1).replace("$password", "secret"));
        String config = Shipped.read("overlays/redis/redis.conf")
                .replace(
                        "/etc/redis/users/users.acl",
                        folder.resolve("users.acl").toString())
                .replace("dir /data", "dir " + folder);
        assertTrue(config.contains("maxmemory-policy noeviction"));
        return Files.writeString(folder.resolve("redis.conf"), config);
    }

    private static Code search(Calls envoy) {
        return envoy.ask(request("api", descriptor("remote_address", "192.0.2.1", "api", "search")))
                .getOverallCode();
    }
}
