package dev.weir.server;

import static dev.weir.envoy.Calls.descriptor;
import static dev.weir.envoy.Calls.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.envoy.Calls;
import dev.weir.testing.RealRedis;
import dev.weir.testing.Secrets;
import dev.weir.testing.TestService;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invariant 7: a policy is changed under a service that runs, and one with a mistake is not. */
class ReloadIT {
    private static final String LOADED = "weir_policy_loads_total{outcome=\"loaded\"}";
    private static final String REFUSED = "weir_policy_loads_total{outcome=\"refused\"}";

    @TempDir
    private Path folder;

    @Test
    void aLimitThatIsRaisedKeepsWhatWasUsed() throws Exception {
        Path policy = write(policy("20 requests / 1m"));
        try (TestService weir = TestService.inMemory(policy, null);
                Calls envoy = new Calls(weir.grpcPort())) {
            for (int i = 0; i < 20; i++) {
                assertEquals(Code.OK, ask(envoy).getOverallCode());
            }
            assertEquals(Code.OVER_LIMIT, ask(envoy).getOverallCode());

            replace(policy("40 requests / 1m"));
            weir.awaitMetric(LOADED, 2);

            assertEquals(19, ask(envoy).getStatuses(0).getLimitRemaining());
        }
    }

    @Test
    void aPolicyWithAMistakeIsToldAndTheLastGoodOneStays() throws Exception {
        Path policy = write(policy("1 requests / 1m"));
        try (TestService weir = TestService.inMemory(policy, null);
                Calls envoy = new Calls(weir.grpcPort())) {
            String version = version(weir);
            ask(envoy);

            replace(policy("100 request / 1m"));
            weir.awaitMetric(REFUSED, 1);
            weir.awaitMetric("weir_policy_problems", 1);

            assertEquals(Code.OVER_LIMIT, ask(envoy).getOverallCode());
            assertEquals(version, version(weir));

            replace(policy("100 requests / 1m"));
            weir.awaitMetric(LOADED, 2);
            assertEquals(Code.OK, ask(envoy).getOverallCode());
            assertEquals(0, weir.metric("weir_policy_problems"));
            assertTrue(!version(weir).equals(version));
        }
    }

    @Test
    void aRefusalTellsByWhichVersionItWas() throws Exception {
        Path policy = write(policy("0 requests / 1m"));
        try (TestService weir = TestService.inMemory(policy, null);
                Calls envoy = new Calls(weir.grpcPort())) {
            ask(envoy);

            assertTrue(weir.awaitRefusal("\"limit\":\"all\"").contains("\"policy\":\"" + version(weir) + "\""));
        }
    }

    @Test
    void replicasOnTwoVersionsCountInTheSameBuckets() throws Exception {
        Path one = write(policy("20 requests / 1m"));
        Path other = Files.writeString(folder.resolve("other.yaml"), policy("40 requests / 1m"));
        try (RealRedis redis = RealRedis.start();
                TestService first = TestService.onRedis(one, null, redis.url());
                TestService second = TestService.onRedis(other, null, redis.url());
                Calls toFirst = new Calls(first.grpcPort());
                Calls toSecond = new Calls(second.grpcPort())) {
            for (int i = 0; i < 10; i++) {
                assertEquals(Code.OK, ask(toFirst).getOverallCode());
                assertEquals(Code.OK, ask(toSecond).getOverallCode());
            }

            assertEquals(Code.OVER_LIMIT, ask(toFirst).getOverallCode());
            assertEquals(19, ask(toSecond).getStatuses(0).getLimitRemaining());
        }
    }

    @Test
    void aKeyThatIsTakenOutIsNotKnownAnyMoreAndABrokenRegisterChangesNothing() throws Exception {
        Path policy = write(policy("20 requests / 1m"));
        Path keys = Files.writeString(folder.resolve("keys.yaml"), Secrets.register(List.of("alice", "bob")));
        try (TestService weir = TestService.inMemory(policy, keys);
                Calls envoy = new Calls(weir.grpcPort())) {
            assertEquals(0, check(envoy, "alice"));

            Files.writeString(keys, "keys: [");
            weir.awaitMetric("weir_keys_loads_total{outcome=\"refused\"}", 1);
            assertEquals(0, check(envoy, "alice"));

            Files.writeString(keys, Secrets.register(List.of("bob")));
            weir.awaitMetric("weir_keys_loads_total{outcome=\"loaded\"}", 1);
            assertEquals(Status.Code.UNAUTHENTICATED.value(), check(envoy, "alice"));
            assertEquals(0, check(envoy, "bob"));
        }
    }

    private static int check(Calls envoy, String user) {
        return envoy.checkKey(Secrets.of(user)).getStatus().getCode();
    }

    private static RateLimitResponse ask(Calls envoy) {
        return envoy.ask(request("llm", descriptor("user", "alice")));
    }

    private static String version(TestService weir) throws Exception {
        return weir.page("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("weir_policy_info{"))
                .map(line -> line.replaceAll(".*version=\"([^\"]*)\".*", "$1"))
                .findFirst()
                .orElseThrow();
    }

    private static String policy(String allow) {
        return "domain: llm\nlimits:\n  - {name: all, tier: global, allow: " + allow + "}\n";
    }

    private Path write(String text) throws Exception {
        return Files.writeString(folder.resolve("policy.yaml"), text);
    }

    /** As an editor does that writes beside the file and then takes its place. */
    private void replace(String text) throws Exception {
        Path written = Files.writeString(folder.resolve("policy.yaml.new"), text);
        Files.move(written, folder.resolve("policy.yaml"), StandardCopyOption.REPLACE_EXISTING);
    }
}
