package dev.weir.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.UInt64Value;
import dev.weir.testing.HttpCaller;
import dev.weir.testing.Provider;
import dev.weir.testing.RealEnvoy;
import dev.weir.testing.Secrets;
import dev.weir.testing.TestService;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * R4.4, R5.6, R5.7, R6.1, R6.2: the shipped configuration on the real Envoy. Each test has a user of its own, so the exact figures
 * after it are its alone.
 */
class EnvoyIT {
    private static final int TOKENS = 1_000;
    private static final int REQUESTS = 4;
    private static final int SLOTS = 2;

    @TempDir
    private static Path folder;

    private static TestService service;
    private static Provider provider;
    private static RealEnvoy envoy;
    private static Calls direct;

    @BeforeAll
    static void start() throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), """
                domain: llm
                limits:
                  - {name: user-tokens, tier: user, per: [user], allow: %d tokens / 1h, estimate: 300}
                  - {name: key-requests, tier: key, per: [key], allow: %d requests / 1h}
                  - {name: session-requests, tier: key, per: [session], allow: 1 requests / 1h}
                  - {name: service-parallel, tier: key, per: [service], allow: %d parallel}
                """.formatted(TOKENS, REQUESTS, SLOTS));
        List<String> users = List.of(
                "json", "sse", "usage", "gzip", "gone", "spent", "broken", "bytes", "forger", "huge", "early", "busy",
                "reset");
        Path keys = Files.writeString(folder.resolve("keys.yaml"), Secrets.register(users));
        String config = RealEnvoy.replaced(
                RealEnvoy.shippedConfig(),
                "              - actions:\n                - metadata:\n                    descriptor_key: key\n",
                """
                              - actions:
                                - request_headers:
                                    descriptor_key: session
                                    header_name: x-session
                                    skip_if_absent: true
                                - metadata:
                                    descriptor_key: key
                """);
        provider = Provider.start();
        service = TestService.inMemory(policy, keys);
        direct = new Calls(service.grpcPort());
        envoy = RealEnvoy.start(folder, config, provider.port(), RealEnvoy.port(service.grpcPort()));
    }

    @AfterAll
    static void stop() {
        if (envoy != null) {
            envoy.close();
        }
        direct.close();
        service.close();
        provider.close();
    }

    @Test
    void theUsageOfAJsonAnswerReplacesWhatWasHeld() throws Exception {
        double settled = settlements("settled");
        HttpResponse<String> answer = caller("json").post(body(500), "x-provider-tokens", "40");
        assertEquals(200, answer.statusCode());
        assertEquals(usage(answer.body()), 41);
        service.awaitMetric(name("settled"), settled + 1);
        assertEquals(41, tokensOf("json"));
        assertEquals(0, slotsOf("json"));
        assertEquals(1, requestsOf("json"));
    }

    @Test
    void theUsageOfAStreamIsAskedForAndReplacesWhatWasHeld() throws Exception {
        double settled = settlements("settled");
        HttpResponse<String> answer =
                caller("sse").post(body(500).replace("{", "{\"stream\":true,"), "x-provider-tokens", "70");
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().contains("[DONE]"), answer.body());
        service.awaitMetric(name("settled"), settled + 1);
        assertEquals(71, tokensOf("sse"));
        assertEquals(0, slotsOf("sse"));
        JsonObject seen = JsonParser.parseString(
                        provider.requestsOf("sse").get(0).get("body").getAsString())
                .getAsJsonObject();
        assertTrue(seen.getAsJsonObject("stream_options").get("include_usage").getAsBoolean());
    }

    @Test
    void anAnswerWithoutUsageKeepsTheEstimate() throws Exception {
        double kept = settlements("kept");
        assertEquals(
                200,
                caller("usage").post(body(500), "x-provider-mode", "no-usage").statusCode());
        service.awaitMetric(name("kept"), kept + 1);
        assertEquals(500 + Used.promptOf(body(500)), tokensOf("usage"));
        assertEquals(0, slotsOf("usage"));
    }

    @Test
    void aCompressedAnswerKeepsTheEstimateAndTheProviderIsNotOfferedCompression() throws Exception {
        double kept = settlements("kept");
        assertEquals(
                200,
                caller("gzip")
                        .post(body(500), "x-provider-mode", "gzip", "accept-encoding", "gzip")
                        .statusCode());
        service.awaitMetric(name("kept"), kept + 1);
        assertEquals(500 + Used.promptOf(body(500)), tokensOf("gzip"));
        assertEquals(0, slotsOf("gzip"));
        assertFalse(
                provider.requestsOf("gzip").get(0).getAsJsonObject("headers").has("accept-encoding"));
    }

    @Test
    void aClientThatLeavesInMidStreamHasUsedItsEstimate() throws Exception {
        double kept = settlements("kept");
        caller("gone")
                .leaveAfter(
                        "there",
                        body(500).replace("{", "{\"stream\":true,"),
                        "x-provider-mode: hang",
                        () -> assertEquals(1, slotsOf("gone")));
        service.awaitMetric(name("kept"), kept + 1);
        assertEquals(500 + Used.promptOf(body(500).replace("{", "{\"stream\":true,")), tokensOf("gone"));
        assertEquals(0, slotsOf("gone"));
        assertEquals(1, requestsOf("gone"));
    }

    @Test
    void aRefusedRequestIsA429WithHeadersAndBodyAndNeverReachesTheProvider() throws Exception {
        HttpCaller caller = caller("spent");
        for (int i = 0; i < REQUESTS; i++) {
            assertEquals(200, caller.post(body(1)).statusCode());
        }
        HttpResponse<String> refused = caller.post(body(1));
        assertEquals(429, refused.statusCode());
        assertEquals(
                "key-requests", refused.headers().firstValue("x-weir-limit").orElse(""));
        assertEquals("key", refused.headers().firstValue("x-weir-tier").orElse(""));
        assertEquals("4", refused.headers().firstValue("x-ratelimit-limit").orElse(""));
        assertEquals("0", refused.headers().firstValue("x-ratelimit-remaining").orElse(""));
        assertEquals(List.of("application/json"), refused.headers().allValues("content-type"));
        assertTrue(refused.headers().firstValueAsLong("retry-after").orElse(0) > 3_500);
        JsonObject error =
                JsonParser.parseString(refused.body()).getAsJsonObject().getAsJsonObject("error");
        assertEquals("rate_limit_exceeded", error.get("code").getAsString());
        assertEquals(REQUESTS, provider.requestsOf("spent").size());
        assertEquals(
                1,
                service.metric(
                        "weir_decisions_total{domain=\"llm\",limit=\"key-requests\",outcome=\"refused\",tier=\"key\"}"));
        assertEquals(REQUESTS, requestsOf("spent"));
        assertEquals(0, slotsOf("spent"), "a refused request holds no slot");
        JsonObject record = JsonParser.parseString(service.awaitRefusal("\"key\":\"spent\""))
                .getAsJsonObject();
        assertEquals(36, record.get("request_id").getAsString().length(), "the id that Envoy gave the request");
        assertEquals(
                "demo-model", record.getAsJsonObject("attributes").get("model").getAsString());
        assertEquals("key-requests", record.get("limit").getAsString());
        assertEquals(REQUESTS, record.get("used").getAsLong());
        assertEquals("1h", record.get("window").getAsString());
    }

    @Test
    void aStrangerIsA401AndADisabledKeyA403AndNeitherIsCounted() throws Exception {
        double before = service.metric("weir_decision_seconds_count");
        HttpResponse<String> stranger = new HttpCaller(envoy.port(), "guess").post(body(1));
        assertEquals(401, stranger.statusCode());
        assertEquals("Bearer", stranger.headers().firstValue("www-authenticate").orElse(""));
        assertTrue(stranger.body().contains("unknown_api_key"), stranger.body());
        HttpResponse<String> disabled = new HttpCaller(envoy.port(), Secrets.of("disabled")).post(body(1));
        assertEquals(403, disabled.statusCode());
        assertEquals(before, service.metric("weir_decision_seconds_count"));
        assertEquals(List.of(), provider.requestsOf("disabled"));
    }

    @Test
    void aFailureOfTheProviderGivesTheTokensBackAndKeepsTheRequest() throws Exception {
        double settled = settlements("settled");
        assertEquals(
                500,
                caller("broken").post(body(500), "x-provider-mode", "error-500").statusCode());
        service.awaitMetric(name("settled"), settled + 1);
        assertEquals(0, tokensOf("broken"));
        assertEquals(0, slotsOf("broken"));
        assertEquals(1, requestsOf("broken"));
    }

    @Test
    void aClientThatLeavesBeforeTheAnswerHasUsedItsEstimateAndFreesItsSlot() throws Exception {
        double kept = settlements("kept");
        caller("early").leaveAtOnce(body(500), "x-provider-mode: silent", () -> assertEquals(1, awaitSlot("early")));
        service.awaitMetric(name("kept"), kept + 1);
        assertEquals(500 + Used.promptOf(body(500)), tokensOf("early"));
        assertEquals(0, slotsOf("early"));
    }

    @Test
    void aProviderThatIsBusyGivesTheTokensBackAndFreesTheSlot() throws Exception {
        double settled = settlements("settled");
        assertEquals(
                429,
                caller("busy").post(body(500), "x-provider-mode", "error-429").statusCode());
        service.awaitMetric(name("settled"), settled + 1);
        assertEquals(0, tokensOf("busy"));
        assertEquals(0, slotsOf("busy"));
        assertEquals(1, requestsOf("busy"));
    }

    @Test
    void aProviderThatHangsUpInMidStreamKeepsTheEstimateAndFreesTheSlot() throws Exception {
        double kept = settlements("kept");
        String stream = body(500).replace("{", "{\"stream\":true,");
        assertThrows(IOException.class, () -> caller("reset").post(stream, "x-provider-mode", "reset"));
        service.awaitMetric(name("kept"), kept + 1);
        assertEquals(500 + Used.promptOf(stream), tokensOf("reset"));
        assertEquals(0, slotsOf("reset"));
    }

    @Test
    void aHeaderByteThatIsNotUtf8IsNoWayAroundALimitThatIsUsedUp() throws Exception {
        HttpCaller caller = caller("bytes");
        assertEquals("HTTP/1.1 200 OK", caller.postRaw(body(1), "x-session: a\u00ff"));
        assertEquals("HTTP/1.1 429 Too Many Requests", caller.postRaw(body(1), "x-session: a\u00ff"));
        assertEquals("HTTP/1.1 200 OK", caller.postRaw(body(1), "x-session: a\u00fe"));
    }

    @Test
    void aClientCannotChooseItsIdentity() throws Exception {
        HttpResponse<String> answer = caller("forger")
                .post(
                        body(1),
                        "x-weir-user",
                        "root",
                        "x-weir-team",
                        "root",
                        "x-weir-role",
                        "root",
                        "x_weir_user",
                        "root",
                        "x-weir.user",
                        "root",
                        "X.Weir~Team",
                        "root");
        assertEquals(200, answer.statusCode());
        JsonObject headers = provider.requestsOf("forger").get(0).getAsJsonObject("headers");
        assertEquals("forger", headers.get("x-weir-user").getAsString());
        assertFalse(headers.has("x-weir-team"));
        assertFalse(headers.has("x-weir-role"));
        assertFalse(headers.has("x_weir_user"));
        assertFalse(headers.has("x-weir.user"));
        assertFalse(headers.has("x.weir~team"));
        assertFalse(headers.has("authorization"), "the caller's secret is for Weir alone");
    }

    @Test
    void maxTokensThatEnvoyCannotReadIsRefused() throws Exception {
        HttpResponse<String> refused = caller("huge").post(body(500).replace("500", "99999999999999999999"));
        assertEquals(429, refused.statusCode());
        assertTrue(refused.body().contains("unreadable_max_tokens"), refused.body());
        assertEquals(List.of(), provider.requestsOf("huge"));
    }

    private static HttpCaller caller(String user) {
        return new HttpCaller(envoy.port(), Secrets.of(user));
    }

    /** A prompt that the provider counts as one token. */
    private static String body(int maxTokens) {
        return "{\"model\":\"demo-model\",\"max_tokens\":" + maxTokens
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    }

    private static long usage(String answer) {
        return JsonParser.parseString(answer)
                .getAsJsonObject()
                .getAsJsonObject("usage")
                .get("total_tokens")
                .getAsLong();
    }

    private static double settlements(String outcome) throws Exception {
        return service.metric(name(outcome));
    }

    private static String name(String outcome) {
        return "weir_settlements_total{domain=\"llm\",outcome=\"" + outcome + "\"}";
    }

    private static long tokensOf(String user) {
        return TOKENS - remaining("user", user);
    }

    private static long requestsOf(String key) {
        return REQUESTS - remaining("key", key);
    }

    private static long awaitSlot(String service) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (slotsOf(service) == 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        return slotsOf(service);
    }

    private static long slotsOf(String service) {
        return SLOTS - remaining("service", service);
    }

    /** Asks the service itself, without taking anything. */
    private static long remaining(String attribute, String value) {
        DescriptorStatus status = direct.ask(
                        Calls.request("llm", Calls.descriptor(attribute, value).setHitsAddend(UInt64Value.of(0))))
                .getStatuses(0);
        return status.getLimitRemaining();
    }
}
