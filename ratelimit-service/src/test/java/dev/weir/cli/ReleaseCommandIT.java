package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.envoy.Calls;
import dev.weir.testing.RealRedis;
import dev.weir.testing.TestService;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReleaseCommandIT {
    @TempDir
    Path folder = Path.of("");

    private Path policy = Path.of("");

    @BeforeEach
    void write() throws Exception {
        policy = Files.writeString(folder.resolve("policy.yaml"), """
                domain: llm
                limits:
                  - {name: team-slots, tier: team, per: [team], allow: 3 parallel, lease: 1d}
                  - {name: user-slots, tier: user, per: [user], allow: 2 parallel, lease: 1d}
                  - {name: any-slots, tier: user, per: [user], allow: 9 parallel, lease: 1d, default: true}
                  - {name: user-tokens, tier: user, per: [user], allow: 100 tokens / 1d, estimate: 10}
                """);
    }

    @Test
    void slotsInMemoryAreFreedNow() throws Exception {
        try (TestService weir = TestService.inMemory(policy, null)) {
            slotsAreFreed(weir);
        }
    }

    @Test
    void slotsInRedisAreFreedNow() throws Exception {
        try (RealRedis redis = RealRedis.start();
                TestService weir = TestService.onRedis(policy, null, redis.url())) {
            slotsAreFreed(weir);
        }
    }

    private static void slotsAreFreed(TestService weir) throws Exception {
        String grpc = "127.0.0.1:" + weir.grpcPort();
        try (Calls envoy = new Calls(weir.grpcPort())) {
            String first = Calls.reservation(ask(envoy, "alice"));
            ask(envoy, "alice");
            ask(envoy, "bob");
            assertEquals(Code.OVER_LIMIT, ask(envoy, "bob").getOverallCode(), "the team's");

            Ran freed = Ran.weir("release", "--grpc", grpc, "llm", "team=search");
            assertEquals(0, freed.status(), freed.err());
            assertTrue(
                    freed.out().contains("team-slots  3      w1:{llm}:team-slots:parallel:team:search"), freed.out());
            assertEquals(Code.OVER_LIMIT, ask(envoy, "alice").getOverallCode(), "hers are in another bucket");
            assertEquals(Code.OK, ask(envoy, "bob").getOverallCode());

            Ran both = Ran.weir("release", "--grpc", grpc, "llm", "team=search", "user=alice");
            assertTrue(both.out().contains("team-slots  1 "), both.out());
            assertTrue(both.out().contains("user-slots  2 "), both.out());
            assertEquals(Code.OK, ask(envoy, "alice").getOverallCode());
            assertEquals(Code.OVER_LIMIT, ask(envoy, "bob").getOverallCode(), "his two are under way");

            // What they have used still counts.
            RateLimitResponse settled = envoy.ask(Calls.request("llm", Calls.settle(first, 50, "200")));
            assertEquals(Code.OK, settled.getOverallCode());
            assertTrue(
                    Ran.weir("check", "--grpc", grpc, "--json", "llm", "user=alice")
                            .out()
                            .contains("\"x-ratelimit-remaining\":\"30\""),
                    "100 without 50 and twice 10 of hers");

            Ran nothing = Ran.weir("release", "--grpc", grpc, "--json", "--limit", "user-slots", "llm", "user=carol");
            assertEquals(0, nothing.status(), nothing.err());
            assertEquals(
                    "[{\"limit\":\"user-slots\",\"freed\":0,\"bucket\":\"w1:{llm}:user-slots:parallel:user:carol\"}]\n",
                    nothing.out());
            Ran bobs = Ran.weir("release", "--grpc", grpc, "llm", "user=bob");
            assertFalse(bobs.out().contains("any-slots"), "not those of a default whose place another limit takes");
        }
        assertEquals(1, Ran.weir("release", "--grpc", grpc, "llm", "path=/").status());
        Ran misspelt = Ran.weir("release", "--grpc", grpc, "--limit", "user-slot", "llm", "user=bob");
        assertEquals(2, misspelt.status());
        assertTrue(misspelt.err().contains("the domain has no limit of this name"), misspelt.err());
        Ran unknown = Ran.weir("release", "--grpc", grpc, "other", "team=search");
        assertEquals(2, unknown.status());
        assertTrue(unknown.err().contains("it has llm"), unknown.err());
    }

    private static RateLimitResponse ask(Calls envoy, String user) {
        return envoy.ask(Calls.request("llm", Calls.descriptor("team", "search", "user", user)));
    }
}
