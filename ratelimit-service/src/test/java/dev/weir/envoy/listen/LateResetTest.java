package dev.weir.envoy.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.bucket.ManualClock;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.decide.Decider;
import dev.weir.decide.DecisionListener;
import dev.weir.decide.Ends;
import dev.weir.dropin.answer.ReferenceAnswer;
import dev.weir.envoy.Calls;
import dev.weir.envoy.ratelimit.RateLimitEndpoint;
import dev.weir.policy.Policy;
import dev.weir.policy.read.PolicyReader;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Invariant 4: a client that resets its call when the answer is on its way never reads it, and nothing must be left of it. */
@Timeout(30)
class LateResetTest {
    @TempDir
    private Path folder;

    private final CompletableFuture<Boolean> released = new CompletableFuture<>();
    private GrpcServer server;
    private Calls envoy;

    @BeforeEach
    void start() throws Exception {
        Policy policy = PolicyReader.read(Files.writeString(folder.resolve("policy.yaml"), """
                domain: llm
                limits:
                  - {name: user-tokens, tier: user, per: [user], allow: 100 tokens / 1h, estimate: 60}
                  - {name: user-requests, tier: user, per: [user], allow: 1 requests / 1h}
                  - {name: user-parallel, tier: user, per: [user], allow: 1 parallel}
                """));
        Decider decider = new Decider(policy, new MemoryBuckets(100, new ManualClock()), Duration.ofHours(1));
        DecisionListener listener = new DecisionListener() {
            @Override
            public void released(String domain, boolean late) {
                released.complete(late);
            }
        };
        Ends ends = new Ends(decider, listener, (delay, task) -> {});
        server = new GrpcServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of(new RateLimitEndpoint(decider, listener, ends, ReferenceAnswer::write).service()));
        envoy = new Calls(server.port());
    }

    @AfterEach
    void stop() {
        envoy.close();
        server.stop(Duration.ZERO);
    }

    @Test
    void anAnswerThatWasNotReadIsUndone() throws Exception {
        try (RawHttp2 client = new RawHttp2(server.port())) {
            client.ask(1, question("alice"));
            assertEquals(Code.OVER_LIMIT, ask("alice").getOverallCode());
            client.reset(1);
            assertEquals(false, released.get());
        }
        assertEquals(Code.OK, ask("alice").getOverallCode());
    }

    /** What was read is not undone, whatever happens to other streams. */
    @Test
    void aResetOfAnotherStreamLeavesItAlone() throws Exception {
        try (RawHttp2 client = new RawHttp2(server.port())) {
            client.ask(1, question("alice"));
            client.ask(3, question("bob"));
            client.reset(3);
            assertEquals(false, released.get());
            assertEquals(Code.OVER_LIMIT, ask("alice").getOverallCode());
            assertEquals(Code.OK, ask("bob").getOverallCode());
        }
    }

    private static RateLimitRequest question(String user) {
        return Calls.request("llm", Calls.descriptor("user", user));
    }

    private RateLimitResponse ask(String user) {
        return envoy.ask(question(user));
    }
}
