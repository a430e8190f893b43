package dev.weir.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.weir.testing.ModelClient;
import dev.weir.testing.Provider;
import dev.weir.testing.RealEnvoy;
import dev.weir.testing.Secrets;
import dev.weir.testing.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R5.7, R4.1: with {@code errors: anthropic} Anthropic's own Python client understands refusals. */
class AnthropicClientIT {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void refusalsAreErrorsOfAnthropicsTypes() throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), """
                domain: llm
                answers: {errors: anthropic}
                limits:
                  - {name: key-requests, tier: key, per: [key], when: {key: spent}, allow: 1 requests / 1h}
                  - {name: tokens, tier: user, per: [user], allow: 1000 tokens / 1h, estimate: 1}
                """);
        Path keys = Files.writeString(folder.resolve("keys.yaml"), Secrets.register(List.of("spent", "huge")));
        try (Provider provider = Provider.start();
                TestService service = TestService.inMemory(policy, keys);
                RealEnvoy envoy = RealEnvoy.start(
                        folder, RealEnvoy.shippedConfig(), provider.port(), RealEnvoy.port(service.grpcPort()))) {
            JsonObject spent =
                    ModelClient.anthropic(envoy.port(), Secrets.of("spent")).ask(2, 0, 1);
            assertEquals(1, spent.getAsJsonArray("answers").size(), spent.toString());
            assertError(spent, "rate_limit_error", "over_limit", "key-requests", "Try again in 36");

            JsonObject huge =
                    ModelClient.anthropic(envoy.port(), Secrets.of("huge")).ask(1, 2, 5_000);
            assertError(huge, "invalid_request_error", "never_fits", "tokens", "can never fit. Lower max_tokens,");
            assertEquals(0, huge.getAsJsonArray("waits").size(), "it is not tried again");
        }
    }

    private static void assertError(JsonObject met, String type, String reason, String limit, String words) {
        JsonObject error = met.getAsJsonObject("error");
        assertEquals("RateLimitError", error.get("kind").getAsString());
        assertEquals(type, error.get("type").getAsString());
        JsonObject body = error.getAsJsonObject("body");
        assertEquals("error", body.get("type").getAsString());
        JsonObject inner = body.getAsJsonObject("error");
        assertEquals(type, inner.get("type").getAsString());
        assertEquals(reason, inner.get("reason").getAsString());
        assertEquals(limit, inner.get("limit").getAsString());
        assertTrue(inner.get("message").getAsString().contains(words), inner.toString());
    }
}
