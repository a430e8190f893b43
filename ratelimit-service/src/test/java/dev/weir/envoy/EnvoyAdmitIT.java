package dev.weir.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weir.testing.Await;
import dev.weir.testing.HttpCaller;
import dev.weir.testing.Provider;
import dev.weir.testing.RealEnvoy;
import dev.weir.testing.Secrets;
import dev.weir.testing.TestService;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * R4.4, R5.6, R5.7, R6.1: identity and admission in one call, with the shipped configuration for it on the real Envoy. Each test has a
 * user of its own, so the exact figures after it are its alone.
 */
class EnvoyAdmitIT {
    private static final String CALLS = "weir_decision_seconds_count";
    private static final String CHECKS = "weir_identifications_total{outcome=\"known\"}";
    private static final String ENVOYS_CALLS = "cluster.weir.upstream_rq_total";

    @TempDir
    private static Path folder;

    private static TestService service;
    private static Provider provider;
    private static RealEnvoy envoy;
    private static Calls direct;

    @BeforeAll
    static void start() throws Exception {
        Path policy = Files.writeString(
                folder.resolve("policy.yaml"), Used.ADMITTING_POLICY.replace(", bytes_per_token: none", ""));
        List<String> users = List.of(
                "json", "sse", "usage", "gone", "early", "spent", "broken", "forger", "huge", "models", "number",
                "direct");
        Path keys = Files.writeString(folder.resolve("keys.yaml"), Secrets.register(users));
        provider = Provider.start();
        service = TestService.inMemory(policy, keys);
        direct = new Calls(service.grpcPort());
        // A provider that has limits of its own, of which callers are not told.
        String config =
                RealEnvoy.replaced(RealEnvoy.shippedAdmittingConfig(), "              request_headers_to_remove:", """
                              response_headers_to_add: [{header: {key: x-ratelimit-limit, value: "999"}}]
                              request_headers_to_remove:\
                """);
        // A route that Envoy answers itself.
        config = RealEnvoy.replaced(config, "              routes:\n", """
                              routes:
                              - match: {prefix: /, headers: [{name: x-answered-by, string_match: {exact: envoy}}]}
                                direct_response: {status: 200}
                """);
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
    void oneCallSaysWhoCallsAndWhetherThereIsRoomAndAnotherOneSettles() throws Exception {
        double checks = service.metric(CHECKS);
        double calls = service.metric(CALLS);
        long ofEnvoy = envoy.stat(ENVOYS_CALLS);
        double settled = settlements("settled");
        HttpResponse<String> answer = caller("json").post(body("500"), "x-provider-tokens", "40");
        assertEquals(200, answer.statusCode());
        assertEquals(List.of("3"), answer.headers().allValues("x-ratelimit-limit"));
        assertEquals(List.of("2"), answer.headers().allValues("x-ratelimit-remaining"));
        assertEquals(1, answer.headers().allValues("x-ratelimit-reset").size());
        service.awaitMetric(name("settled"), settled + 1);
        assertEquals(new Used(1, 41, 0), Used.by("json", direct));
        assertEquals(checks + 1, service.metric(CHECKS));
        assertEquals(calls + 3, service.metric(CALLS), "the admission, the settlement, and the test's own question");
        assertEquals(ofEnvoy + 2, envoy.stat(ENVOYS_CALLS));
    }

    @Test
    void theUsageOfAStreamIsAskedForAndReplacesWhatWasHeld() throws Exception {
        double settled = settlements("settled");
        HttpResponse<String> answer = caller("sse").post(stream("500"), "x-provider-tokens", "70");
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().contains("[DONE]"), answer.body());
        service.awaitMetric(name("settled"), settled + 1);
        assertEquals(new Used(1, 71, 0), Used.by("sse", direct));
    }

    @Test
    void anAnswerWithoutUsageKeepsTheEstimate() throws Exception {
        double kept = settlements("kept");
        assertEquals(
                200,
                caller("usage").post(body("500"), "x-provider-mode", "no-usage").statusCode());
        service.awaitMetric(name("kept"), kept + 1);
        assertEquals(new Used(1, 500 + Used.promptOf(body("500")), 0), Used.by("usage", direct));
    }

    @Test
    void aFailureOfTheProviderGivesTheTokensBackAndKeepsTheRequest() throws Exception {
        double settled = settlements("settled");
        assertEquals(
                500,
                caller("broken")
                        .post(body("500"), "x-provider-mode", "error-500")
                        .statusCode());
        service.awaitMetric(name("settled"), settled + 1);
        assertEquals(new Used(1, 0, 0), Used.by("broken", direct));
    }

    @Test
    void whatEnvoyAnswersItselfHasUsedNothingAndFreesItsSlot() throws Exception {
        double settled = settlements("settled");
        assertEquals(
                200,
                caller("direct").post(body("500"), "x-answered-by", "envoy").statusCode());
        service.awaitMetric(name("settled"), settled + 1);
        assertEquals(new Used(1, 0, 0), Used.by("direct", direct));
    }

    @Test
    void aClientThatLeavesInMidStreamHasUsedItsEstimateAndFreesItsSlot() throws Exception {
        double kept = settlements("kept");
        caller("gone")
                .leaveAfter(
                        "there",
                        stream("500"),
                        "x-provider-mode: hang",
                        () -> assertEquals(
                                new Used(1, 500 + Used.promptOf(stream("500")), 1), Used.by("gone", direct)));
        service.awaitMetric(name("kept"), kept + 1);
        assertEquals(new Used(1, 500 + Used.promptOf(stream("500")), 0), Used.by("gone", direct));
    }

    @Test
    void aClientThatLeavesBeforeTheAnswerHasUsedItsEstimateAndFreesItsSlot() throws Exception {
        double kept = settlements("kept");
        caller("early")
                .leaveAtOnce(
                        body("500"),
                        "x-provider-mode: silent",
                        () -> Await.until(
                                "the admission",
                                () -> !provider.requestsOf("early").isEmpty()));
        service.awaitMetric(name("kept"), kept + 1);
        assertEquals(new Used(1, 500 + Used.promptOf(body("500")), 0), Used.by("early", direct));
    }

    @Test
    void aRefusedRequestIsA429WithHeadersAndBodyAndItsEndIsNotTold() throws Exception {
        HttpCaller caller = caller("spent");
        double settled = settlements("settled");
        for (int i = 1; i <= 3; i++) {
            assertEquals(200, caller.post(body("1"), "x-provider-tokens", "1").statusCode());
            service.awaitMetric(name("settled"), settled + i);
        }
        long ofEnvoy = envoy.stat(ENVOYS_CALLS);
        HttpResponse<String> refused = caller.post(body("1"));
        assertEquals(429, refused.statusCode());
        assertEquals(List.of("key-requests"), refused.headers().allValues("x-weir-limit"));
        assertEquals(List.of("key"), refused.headers().allValues("x-weir-tier"));
        assertEquals(List.of("3"), refused.headers().allValues("x-ratelimit-limit"));
        assertEquals(List.of("0"), refused.headers().allValues("x-ratelimit-remaining"));
        assertEquals(List.of("application/json"), refused.headers().allValues("content-type"));
        assertTrue(refused.headers().firstValueAsLong("retry-after").orElse(0) > 3_500);
        JsonObject error =
                JsonParser.parseString(refused.body()).getAsJsonObject().getAsJsonObject("error");
        assertEquals("rate_limit_exceeded", error.get("code").getAsString());
        assertEquals("key-requests", error.get("limit").getAsString());
        assertEquals(3, provider.requestsOf("spent").size());
        assertEquals(new Used(3, 6, 0), Used.by("spent", direct));
        assertEquals(ofEnvoy + 1, envoy.stat(ENVOYS_CALLS), "nothing was held, so nothing is settled");
        JsonObject record = JsonParser.parseString(service.awaitRefusal("\"key\":\"spent\""))
                .getAsJsonObject();
        assertEquals(36, record.get("request_id").getAsString().length(), "the id that Envoy gave the request");
        JsonObject attributes = record.getAsJsonObject("attributes");
        assertEquals("demo-model", attributes.get("model").getAsString());
        assertEquals("1", attributes.get("max_tokens").getAsString());
        assertEquals("/v1/chat/completions", attributes.get("path").getAsString());
        assertEquals("POST", attributes.get("method").getAsString());
        assertEquals("127.0.0.1:" + envoy.port(), attributes.get("host").getAsString());
        assertEquals("127.0.0.1", attributes.get("remote_address").getAsString());
        assertFalse(attributes.has("total_tokens"), "what the answer is to say is no attribute of the request");
    }

    @Test
    void aStrangerIsA401AndADisabledKeyA403AndNeitherIsCharged() throws Exception {
        double before = service.metric(CALLS);
        assertEquals(401, new HttpCaller(envoy.port(), "guess").post(body("1")).statusCode());
        assertEquals(403, caller("disabled").post(body("1")).statusCode());
        assertEquals(before, service.metric(CALLS));
        assertEquals(Used.NOTHING, Used.by("disabled", direct));
    }

    @Test
    void aClientCannotChooseItsIdentity() throws Exception {
        double settled = settlements("settled");
        String claims = body("1").replace("{\"model\"", "{\"user\":\"root\",\"key\":\"root\",\"model\"");
        HttpResponse<String> answer = caller("forger").post(claims, "x-weir-user", "root", "x-weir-role", "root");
        assertEquals(200, answer.statusCode());
        service.awaitMetric(name("settled"), settled + 1);
        assertEquals(1, Used.by("forger", direct).requests());
        assertEquals(Used.NOTHING, Used.by("root", direct));
        JsonObject headers = provider.requestsOf("forger").get(0).getAsJsonObject("headers");
        assertFalse(headers.has("x-weir-role"));
        assertFalse(headers.has("authorization"), "the caller's secret is for Weir alone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999999999999", "9007199254740993", "1.5", "-1", "\"many\""})
    void maxTokensThatCannotBeReadIsRefused(String maxTokens) throws Exception {
        HttpResponse<String> refused = caller("huge").post(body(maxTokens));
        assertEquals(400, refused.statusCode());
        assertTrue(refused.body().contains("unreadable_max_tokens"), refused.body());
        assertEquals(List.of(), provider.requestsOf("huge"));
        assertEquals(Used.NOTHING, Used.by("huge", direct));
    }

    @Test
    void aNumberThatIsWrittenWithAFractionOfZerosIsHeld() throws Exception {
        double kept = settlements("kept");
        assertEquals(
                200,
                caller("number")
                        .post(body("50.0"), "x-provider-mode", "no-usage")
                        .statusCode());
        service.awaitMetric(name("kept"), kept + 1);
        assertEquals(new Used(1, 50 + Used.promptOf(body("50.0")), 0), Used.by("number", direct));
    }

    @Test
    void aRouteThatOptsOutIsIdentifiedAndNotCharged() throws Exception {
        double checks = service.metric(CHECKS);
        double calls = service.metric(CALLS);
        HttpRequest models = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + envoy.port() + "/v1/models"))
                .header("authorization", "Bearer " + Secrets.of("models"))
                .build();
        assertEquals(
                200,
                HttpClient.newHttpClient()
                        .send(models, HttpResponse.BodyHandlers.ofString())
                        .statusCode());
        assertEquals(1, provider.requestsOf("models").size());
        assertEquals(checks + 1, service.metric(CHECKS));
        assertEquals(calls, service.metric(CALLS));
    }

    private static HttpCaller caller(String user) {
        return new HttpCaller(envoy.port(), Secrets.of(user));
    }

    /** A prompt that the provider counts as one token. */
    private static String body(String maxTokens) {
        return "{\"model\":\"demo-model\",\"max_tokens\":" + maxTokens
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    }

    private static String stream(String maxTokens) {
        return body(maxTokens).replace("{\"model\"", "{\"stream\":true,\"model\"");
    }

    private static double settlements(String outcome) throws Exception {
        return service.metric(name(outcome));
    }

    private static String name(String outcome) {
        return "weir_settlements_total{domain=\"llm\",outcome=\"" + outcome + "\"}";
    }
}
