package dev.weir.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R5.7, R4.1: OpenAI's own Python client understands a refusal, waits as it is told, and does not repeat what never fits. */
class OpenAiClientIT {
    private static final String SENTENCE =
            "The key limit `key-requests` allows 1 requests / 1h; 1 are used. Try again in 36";

    @TempDir
    private static Path folder;

    private static TestService service;
    private static Provider provider;
    private static RealEnvoy envoy;

    @BeforeAll
    static void start() throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), """
                domain: llm
                limits:
                  - name: key-requests
                    tier: key
                    per: [key]
                    when: {key: spent}
                    allow: 1 requests / 1h
                    comment: Ask in the portal.
                  - {name: short, tier: key, per: [key], when: {key: patient}, allow: 1 requests / 1s}
                  - {name: tokens, tier: user, per: [user], allow: 1000 tokens / 1h, estimate: 1}
                """);
        Path keys =
                Files.writeString(folder.resolve("keys.yaml"), Secrets.register(List.of("spent", "patient", "huge")));
        provider = Provider.start();
        service = TestService.inMemory(policy, keys);
        envoy = RealEnvoy.start(folder, RealEnvoy.shippedConfig(), provider.port(), RealEnvoy.port(service.grpcPort()));
    }

    @AfterAll
    static void stop() {
        if (envoy != null) {
            envoy.close();
        }
        service.close();
        provider.close();
    }

    @Test
    void aRefusalIsARateLimitErrorThatSaysWhichLimitAndWhatToDo() throws Exception {
        JsonObject met = client("spent").ask(2, 0, 1);

        assertEquals(1, met.getAsJsonArray("answers").size(), met.toString());
        JsonObject error = met.getAsJsonObject("error");
        assertEquals("RateLimitError", error.get("kind").getAsString());
        assertEquals(429, error.get("status").getAsInt());
        assertEquals("rate_limit_exceeded", error.get("code").getAsString());
        assertEquals("rate_limit_error", error.get("type").getAsString());
        assertTrue(error.get("words").getAsString().contains(SENTENCE), error.toString());
        JsonObject body = error.getAsJsonObject("body");
        assertEquals("over_limit", body.get("reason").getAsString());
        assertEquals("key-requests", body.get("limit").getAsString());
        assertEquals("key", body.get("tier").getAsString());
        assertEquals("Ask in the portal.", body.get("comment").getAsString());
        JsonObject headers = error.getAsJsonObject("headers");
        assertEquals(
                headers.get("x-weir-policy").getAsString(), body.get("policy").getAsString());
        assertTrue(headers.get("retry-after-ms").getAsLong() > 3_500_000, headers.toString());
    }

    @Test
    void theClientWaitsForTheMillisecondsThatItIsToldAndIsThenAdmitted() throws Exception {
        JsonObject met = client("patient").ask(20, 1, 1);

        assertTrue(met.get("error").isJsonNull(), met.toString());
        assertEquals(1, met.getAsJsonArray("waits").size(), met.toString());
        double millis = met.getAsJsonArray("waits").get(0).getAsDouble() * 1_000;
        assertEquals(met.getAsJsonArray("told").get(0).getAsLong(), Math.round(millis), met.toString());
        assertTrue(millis > 0 && millis < 1_100, "a window of a second: " + met);
        assertTrue(met.getAsJsonArray("answers").size() >= 2, met.toString());
        assertEquals(1, refusedBy("short", "key"));
    }

    @Test
    void whatCanNeverFitIsNotTriedAgain() throws Exception {
        JsonObject met = client("huge").ask(1, 2, 5_000);

        JsonObject error = met.getAsJsonObject("error");
        assertEquals("invalid_request_error", error.get("type").getAsString());
        assertEquals("never_fits", error.get("code").getAsString());
        assertEquals("max_tokens", error.get("param").getAsString());
        assertTrue(error.get("words").getAsString().contains("can never fit. Lower max_tokens,"), error.toString());
        assertFalse(error.getAsJsonObject("headers").has("retry-after"));
        assertEquals(0, met.getAsJsonArray("waits").size());
        assertEquals(1, refusedBy("tokens", "user"));
        assertEquals(List.of(), provider.requestsOf("huge"));
    }

    private static ModelClient client(String user) {
        return ModelClient.openAi(envoy.port(), Secrets.of(user));
    }

    private static double refusedBy(String limit, String tier) throws Exception {
        return service.metric("weir_decisions_total{domain=\"llm\",limit=\"%s\",outcome=\"refused\",tier=\"%s\"}"
                .formatted(limit, tier));
    }
}
