package dev.weir.admin;

import static dev.weir.envoy.Calls.descriptor;
import static dev.weir.envoy.Calls.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import dev.weir.envoy.Calls;
import dev.weir.testing.RealRedis;
import dev.weir.testing.TestService;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R5.8: a service says which limits a request meets, and why not the others. */
class ExplainPageIT {
    private static final String POLICY = """
            domain: llm
            limits:
              - {name: all, tier: global, allow: 100 requests / 1m}
              - {name: any-team, tier: team, per: [team], default: true, allow: 5 requests / 1m}
              - {name: ai-team, tier: team, per: [team], when: {team: ai}, allow: 50 requests / 1m}
              - {name: user, tier: user, per: [user], allow: 20 requests / 1m}
              - {name: prod, tier: user, per: [user], when: {environment: prod}, allow: 9 requests / 1m}
              - {name: slots, tier: key, per: [user], allow: 4 parallel, mode: shadow}
              - {name: free, tier: ip, allow: unlimited tokens}
            """;

    @TempDir
    private Path folder;

    @Test
    void limitsStandInTheirOrderWithTheReasonsWhySomeDoNotApply() throws Exception {
        try (TestService weir = TestService.inMemory(write(POLICY), null)) {
            JsonObject explained =
                    explained(weir, "?attribute=user%3Dalice&attribute=team%3Dai&attribute=environment=dev");

            assertEquals("llm", explained.get("domain").getAsString());
            assertEquals(
                    List.of(
                            "free applies",
                            "slots applies",
                            "user applies",
                            "prod: `environment` is `dev`, which is not environment: prod",
                            "any-team: it is a default, and `ai-team` applies",
                            "ai-team applies",
                            "all applies"),
                    lines(explained));
            assertEquals("shadow", limit(explained, "slots").get("mode").getAsString());
            assertEquals("enforce", limit(explained, "user").get("mode").getAsString());
        }
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        try (TestService weir = TestService.inMemory(write(POLICY), null)) {
            List<String> lines = lines(explained(weir, "?domain=llm&attribute=environment%3Dprod"));

            assertTrue(lines.contains("user: `user` is missing"), lines.toString());
            assertTrue(lines.contains("prod: `user` is missing"), lines.toString());
            assertTrue(lines.contains("any-team: `team` is missing"), lines.toString());
            assertTrue(lines.contains("all applies"), lines.toString());
            assertEquals(
                    List.of("prod: `environment` is missing"),
                    lines(explained(weir, "?&domain=llm&")).stream()
                            .filter(line -> line.startsWith("prod"))
                            .toList());
        }
    }

    @Test
    void howFullTheyAreIsToldAndNothingIsTaken() throws Exception {
        try (TestService weir = TestService.inMemory(write(POLICY), null);
                Calls envoy = new Calls(weir.grpcPort())) {
            for (int i = 0; i < 3; i++) {
                envoy.ask(request("llm", descriptor("user", "alice")));
            }

            for (int i = 0; i < 5; i++) {
                JsonObject user = limit(explained(weir, "?attribute=user%3Dalice"), "user");
                assertEquals(3, user.get("used").getAsLong());
                assertEquals(17, user.get("remaining").getAsLong());
                assertTrue(user.get("reset").getAsDouble() > 0);
            }
            assertEquals(
                    16,
                    envoy.ask(request("llm", descriptor("user", "alice")))
                            .getStatuses(0)
                            .getLimitRemaining());
            assertEquals(
                    0,
                    limit(explained(weir, "?attribute=user%3Dbob"), "user")
                            .get("used")
                            .getAsLong());
        }
    }

    @Test
    void aLimitThatIsUsedUpIsExplainedLikeAnyOther() throws Exception {
        String one = "domain: llm\nlimits:\n  - {name: one, tier: user, per: [user], allow: 1 requests / 1m}\n";
        try (TestService weir = TestService.inMemory(write(one), null);
                Calls envoy = new Calls(weir.grpcPort())) {
            envoy.ask(request("llm", descriptor("user", "alice")));
            assertEquals(
                    Code.OVER_LIMIT,
                    envoy.ask(request("llm", descriptor("user", "alice"))).getOverallCode());

            JsonObject used = limit(explained(weir, "?attribute=user%3Dalice"), "one");
            assertEquals(1, used.get("used").getAsLong());
            assertEquals(0, used.get("remaining").getAsLong());
        }
    }

    @Test
    void valuesAreThoseBehindTheirEncodingOddBytesToo() throws Exception {
        try (TestService weir = TestService.inMemory(write(POLICY), null);
                Calls envoy = new Calls(weir.grpcPort())) {
            envoy.ask(request("llm", descriptor("user", "süß & a=b+c %")));
            envoy.ask(request("llm", descriptor().addEntries(Calls.entry("user", ByteString.copyFrom(new byte[] {
                'a', (byte) 0xff
            })))));

            for (String user : List.of("s%C3%BC%C3%9F+%26%20a%3Db%2Bc%20%25", "a%ff")) {
                JsonObject limit = limit(explained(weir, "?attribute=user%3D" + user), "user");
                assertEquals(1, limit.get("used").getAsLong(), user);
            }
        }
    }

    @Test
    void aDomainThatThereIsNotIsAnsweredWithThoseThatThereAre() throws Exception {
        Files.writeString(folder.resolve("a.yaml"), POLICY);
        Files.writeString(folder.resolve("b.yaml"), POLICY.replace("domain: llm", "domain: embeddings"));
        try (TestService weir = TestService.inMemory(folder, null)) {
            assertProblem(404, "the policy has no domain `lm`; it has embeddings, llm", weir, "?domain=lm");
            assertProblem(404, "the policy has several domains; say which of embeddings, llm", weir, "");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?user=alice | `user=alice` is neither domain=NAME nor attribute=NAME%3DVALUE",
                "?domain=llm&attribute=user | `attribute=user` is neither domain=NAME nor attribute=NAME%3DVALUE",
                "?attribute=%3Dalice | `attribute=%3Dalice` is neither domain=NAME nor attribute=NAME%3DVALUE"
            })
    void aQueryThatCannotBeReadIsTold(String query, String problem) throws Exception {
        try (TestService weir = TestService.inMemory(write(POLICY), null)) {
            assertProblem(400, problem, weir, query);
        }
    }

    @Test
    void aStoreThatIsGoneIsToldAndProbesAreStillAnswered() throws Exception {
        try (RealRedis redis = RealRedis.start();
                TestService weir = TestService.onRedis(write(POLICY), null, redis.url(), Duration.ofMillis(200))) {
            assertEquals(
                    0,
                    limit(explained(weir, "?attribute=user%3Dalice"), "user")
                            .get("used")
                            .getAsLong());
            redis.close();

            HttpResponse<String> answer = weir.page("/explain?attribute=user%3Dalice");
            assertEquals(503, answer.statusCode());
            String problem = JsonParser.parseString(answer.body())
                    .getAsJsonObject()
                    .get("problem")
                    .getAsString();
            assertTrue(problem.startsWith("the store cannot be asked: "), problem);
            assertTrue(!problem.contains("Exception"), problem);
            assertEquals(200, weir.page("/healthz").statusCode());
        }
    }

    @Test
    void whereNoLimitHasABucketNoStoreIsAsked() throws Exception {
        String prod = "domain: llm\nlimits:\n  - {name: one, tier: user, per: [user], allow: 1 requests / 1m}\n";
        try (RealRedis redis = RealRedis.start();
                TestService weir = TestService.onRedis(write(prod), null, redis.url())) {
            redis.close();

            assertEquals(List.of("one: `user` is missing"), lines(explained(weir, "")));
        }
    }

    private static void assertProblem(int status, String problem, TestService weir, String query) throws Exception {
        HttpResponse<String> answer = weir.page("/explain" + query);

        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals(
                "application/json", answer.headers().firstValue("content-type").orElse(""));
        JsonObject expected = new JsonObject();
        expected.addProperty("problem", problem);
        assertEquals(expected, JsonParser.parseString(answer.body()));
    }

    private static JsonObject explained(TestService weir, String query) throws Exception {
        HttpResponse<String> answer = weir.page("/explain" + query);
        assertEquals(200, answer.statusCode(), answer.body());
        return JsonParser.parseString(answer.body()).getAsJsonObject();
    }

    private static JsonObject limit(JsonObject explained, String name) {
        return limits(explained, limit -> limit.get("limit").getAsString().equals(name))
                .get(0);
    }

    private static List<String> lines(JsonObject explained) {
        return limits(explained, limit -> true).stream()
                .map(limit -> limit.get("limit").getAsString()
                        + (limit.get("applies").getAsBoolean()
                                ? " applies"
                                : ": " + limit.get("reason").getAsString()))
                .toList();
    }

    private static List<JsonObject> limits(JsonObject explained, Predicate<JsonObject> wanted) {
        return explained.getAsJsonArray("limits").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .filter(wanted)
                .toList();
    }

    private Path write(String policy) throws Exception {
        return Files.writeString(folder.resolve("policy.yaml"), policy);
    }
}
