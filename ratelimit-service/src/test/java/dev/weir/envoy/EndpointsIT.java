package dev.weir.envoy;

import static dev.weir.envoy.Calls.descriptor;
import static dev.weir.envoy.Calls.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.decide.Decider;
import dev.weir.decide.Decision;
import dev.weir.decide.DecisionListener;
import dev.weir.decide.Ends;
import dev.weir.dropin.answer.ReferenceAnswer;
import dev.weir.envoy.listen.GrpcServer;
import dev.weir.envoy.ratelimit.RateLimitEndpoint;
import dev.weir.request.Request;
import dev.weir.server.WarmUp;
import dev.weir.testing.Secrets;
import dev.weir.testing.TestService;
import dev.weir.wire.CheckRequest;
import dev.weir.wire.Descriptor;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R5.6, R5.7, R6.1, R6.3: the whole service over gRPC, good calls and bad ones. */
class EndpointsIT {
    @TempDir
    private Path folder;

    private TestService service;
    private Calls envoy;

    @BeforeEach
    void start() throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), """
                domain: llm
                limits:
                  - {name: user-requests, tier: user, per: [user], allow: 3 requests / 1m}
                  - {name: user-tokens, tier: user, per: [user], allow: 1k tokens / 1m, estimate: 100}
                """);
        Path keys = Files.writeString(folder.resolve("keys.yaml"), """
                keys:
                  - {id: alice-laptop, sha256: %s, user: alice, team: search}
                  - {id: old, sha256: %s, enabled: false}
                """.formatted(
                        Secrets.sha256("alice-secret"), Secrets.sha256("old-secret")));
        service = TestService.inMemory(policy, keys);
        envoy = new Calls(service.grpcPort());
    }

    @AfterEach
    void stop() {
        envoy.close();
        service.close();
    }

    @Test
    void threeOfThreeAreAllowedAndTheFourthIsRefusedWithHeadersAndBody() {
        RateLimitRequest alice = request("llm", descriptor("user", "alice", "max_tokens", "10"));
        for (int used = 1; used <= 3; used++) {
            RateLimitResponse answer = envoy.ask(alice);
            assertEquals(Code.OK, answer.getOverallCode());
            assertEquals("3", header(answer, "x-ratelimit-limit"));
            assertEquals(String.valueOf(3 - used), header(answer, "x-ratelimit-remaining"));
            assertFalse(Calls.reservation(answer).isEmpty());
        }
        RateLimitResponse answer = envoy.ask(alice);
        assertEquals(Code.OVER_LIMIT, answer.getOverallCode());
        assertEquals(Code.OVER_LIMIT, answer.getStatuses(0).getCode());
        assertEquals("user-requests", answer.getStatuses(0).getCurrentLimit().getName());
        assertEquals("user-requests", header(answer, "x-weir-limit"));
        assertEquals("user", header(answer, "x-weir-tier"));
        assertEquals("0", header(answer, "x-ratelimit-remaining"));
        int retryAfter = Integer.parseInt(header(answer, "retry-after"));
        assertTrue(retryAfter > 50 && retryAfter <= 60, "retry-after: " + retryAfter);
        JsonObject error = JsonParser.parseString(answer.getRawBody().toStringUtf8())
                .getAsJsonObject()
                .getAsJsonObject("error");
        assertEquals("over_limit", error.get("reason").getAsString());
        assertTrue(error.get("message").getAsString().contains("user-requests"));
        assertEquals("", Calls.reservation(answer));
    }

    @Test
    void aSettlementGivesBackWhatWasHeldTooMuchAndIsCountedOnce() throws Exception {
        String reservation =
                Calls.reservation(envoy.ask(request("llm", descriptor("user", "alice", "max_tokens", "1000"))));
        RateLimitRequest next = request("llm", descriptor("user", "alice", "max_tokens", "900"));
        assertEquals(Code.OVER_LIMIT, envoy.ask(next).getOverallCode());
        RateLimitRequest done = request("llm", Calls.settle(reservation, 100, "200"), Calls.release(reservation));
        assertEquals(Code.OK, envoy.ask(done).getOverallCode());
        assertEquals(Code.OK, envoy.ask(done).getOverallCode());
        assertEquals(Code.OK, envoy.ask(next).getOverallCode());
        assertEquals(1, service.metric("weir_settlements_total{domain=\"llm\",outcome=\"settled\"}"));
        assertEquals(1, service.metric("weir_settlements_total{domain=\"llm\",outcome=\"unknown\"}"));
        assertEquals(1000, service.metric("weir_settled_tokens_total{domain=\"llm\",kind=\"held\"}"));
        assertEquals(100, service.metric("weir_settled_tokens_total{domain=\"llm\",kind=\"used\"}"));
    }

    @Test
    void aByteThatIsNotUtf8IsLimitedLikeAnyOther() {
        Descriptor.Builder descriptor = Descriptor.newBuilder()
                .addEntries(Calls.entry("user", ByteString.copyFrom(new byte[] {'a', (byte) 0xff})));
        for (int i = 0; i < 3; i++) {
            assertEquals(Code.OK, envoy.ask(request("llm", descriptor)).getOverallCode());
        }
        assertEquals(Code.OVER_LIMIT, envoy.ask(request("llm", descriptor)).getOverallCode());
        Descriptor.Builder other = Descriptor.newBuilder()
                .addEntries(Calls.entry("user", ByteString.copyFrom(new byte[] {'a', (byte) 0xfe})));
        assertEquals(Code.OK, envoy.ask(request("llm", other)).getOverallCode());
        assertTrue(service.refusals().contains("\"limit\":\"user-requests\""));
    }

    @Test
    void badCallsGetAClearStatusAndNoFreePass() {
        expect(Status.Code.INVALID_ARGUMENT, "domain", () -> envoy.ask(request("", descriptor("user", "a"))));
        expect(Status.Code.NOT_FOUND, "`lmm`", () -> envoy.ask(request("lmm", descriptor("user", "a"))));
        expect(Status.Code.INVALID_ARGUMENT, "descriptors", () -> envoy.ask(request("llm")));
        expect(Status.Code.INVALID_ARGUMENT, "malformed", () -> envoy.sendRaw(new byte[] {0x0a, 0x7f, 1}));
        expect(Status.Code.INVALID_ARGUMENT, "malformed", () -> envoy.checkRaw(new byte[] {0x0a, 0x7f, 1}));
        assertEquals(Code.OVER_LIMIT, envoy.ask(request("llm", descriptor())).getOverallCode());
        assertEquals(
                Code.OVER_LIMIT,
                envoy.ask(request("llm", descriptor("path", "/"))).getOverallCode());
        assertEquals(Code.OK, envoy.ask(request("llm", descriptor("user", "a"))).getOverallCode());
    }

    @Test
    void badCallsAreCounted() throws Exception {
        assertThrows(StatusRuntimeException.class, () -> envoy.ask(request("", descriptor("user", "a"))));
        assertThrows(StatusRuntimeException.class, () -> envoy.sendRaw(new byte[] {0x0a, 0x7f, 1}));
        assertThrows(StatusRuntimeException.class, () -> envoy.ask(request("lmm", descriptor("user", "a"))));
        assertEquals(
                3,
                service.metric(
                        "weir_decisions_total{domain=\"unknown\",limit=\"none\",outcome=\"invalid\",tier=\"none\"}"));
    }

    @Test
    void aLongValueIsLimitedAndACallBeyondAMegabyteIsNotRead() {
        String longValue = "x".repeat(65_536);
        for (int i = 0; i < 3; i++) {
            assertEquals(
                    Code.OK,
                    envoy.ask(request("llm", descriptor("user", longValue))).getOverallCode());
        }
        assertEquals(
                Code.OVER_LIMIT,
                envoy.ask(request("llm", descriptor("user", longValue))).getOverallCode());
        expect(
                Status.Code.RESOURCE_EXHAUSTED,
                "",
                () -> envoy.ask(request("llm", descriptor("user", "x".repeat(1 << 20)))));
    }

    @Test
    void aStatusStandsWhereItsDescriptorDid() {
        RateLimitResponse answer =
                envoy.ask(request("llm", Calls.release("none"), descriptor("user", "alice"), Calls.release("none")));
        assertEquals(3, answer.getStatusesCount());
        assertFalse(answer.getStatuses(0).hasCurrentLimit());
        assertTrue(answer.getStatuses(1).hasCurrentLimit());
    }

    @Test
    void aCallIsAnsweredEvenWhereOurOwnCodeFails() throws Exception {
        Decider decider = new Decider(WarmUp.POLICY, new MemoryBuckets(10, new ManualClock()), Duration.ofHours(1));
        DecisionListener broken = new DecisionListener() {
            @Override
            public void decided(Request request, Decision decision, long nanos) {
                throw new IllegalStateException("a bug");
            }
        };
        Ends ends = new Ends(decider, broken, (delay, task) -> {});
        RateLimitEndpoint endpoint = new RateLimitEndpoint(decider, broken, ends, ReferenceAnswer::write);
        GrpcServer server =
                new GrpcServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), List.of(endpoint.service()));
        try (Calls calls = new Calls(server.port())) {
            expect(Status.Code.INTERNAL, "", () -> calls.ask(request("weir.warm-up", descriptor("user", "a"))));
        } finally {
            server.stop(Duration.ZERO);
        }
    }

    @Test
    void randomBytesNeverCrashTheService() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            try {
                envoy.sendRaw(bytes);
            } catch (StatusRuntimeException e) {
                Status.Code code = e.getStatus().getCode();
                assertTrue(
                        code == Status.Code.INVALID_ARGUMENT || code == Status.Code.NOT_FOUND,
                        HexFormat.of().formatHex(bytes) + " gives " + e.getStatus());
            }
        }
        assertEquals(Code.OK, envoy.ask(request("llm", descriptor("user", "a"))).getOverallCode());
    }

    @Test
    void aKnownKeyBecomesMetadataAndHeadersAndForgedOnesAreReplaced() {
        CheckResponse answer = envoy.check(check(
                "authorization",
                "Bearer alice-secret",
                "x-weir-user",
                "root",
                "x-weir-role",
                "root",
                "x_weir_user",
                "root",
                "x-weir.user",
                "root",
                "X.Weir~User",
                "root",
                "x-weir/team",
                "root",
                "x-weird",
                "kept",
                "x0weir-user",
                "kept"));
        assertEquals(0, answer.getStatus().getCode());
        assertEquals(
                "alice", answer.getDynamicMetadata().getFieldsOrThrow("user").getStringValue());
        assertEquals(
                "alice-laptop",
                answer.getDynamicMetadata().getFieldsOrThrow("key").getStringValue());
        List<String> set = answer.getOkResponse().getHeadersList().stream()
                .map(option -> option.getHeader().getKey() + "="
                        + option.getHeader().getValue() + " " + option.getAppendAction())
                .toList();
        assertTrue(set.contains("x-weir-user=alice OVERWRITE_IF_EXISTS_OR_ADD"), set.toString());
        assertEquals(
                List.of(
                        "x-weir-consumer-group",
                        "x-weir-service",
                        "x-weir-environment",
                        "x-weir-key-type",
                        "x-weir-role",
                        "x_weir_user",
                        "x-weir.user",
                        "X.Weir~User",
                        "x-weir/team"),
                answer.getOkResponse().getHeadersToRemoveList());
    }

    @Test
    void noKeyAndAnUnknownKeyAre401AndADisabledOneIs403() {
        assertEquals(401, envoy.check(check()).getDeniedResponse().getStatus().getCodeValue());
        assertEquals(
                401,
                envoy.check(check("x-api-key", "guess"))
                        .getDeniedResponse()
                        .getStatus()
                        .getCodeValue());
        assertEquals(
                403,
                envoy.check(check("x-api-key", "old-secret"))
                        .getDeniedResponse()
                        .getStatus()
                        .getCodeValue());
    }

    @Test
    void headersAreReadFromTheRawFormToo() {
        assertTrue(envoy.checkKey("alice-secret").hasOkResponse());
    }

    @Test
    void healthServes() {
        assertEquals(
                ServingStatus.SERVING,
                HealthGrpc.newBlockingStub(envoy.channel())
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus());
    }

    @Test
    void theAdminListenerTellsHealthReadinessAndMetrics() throws Exception {
        envoy.ask(request("llm", descriptor("user", "alice")));
        assertEquals(200, service.page("/healthz").statusCode());
        assertEquals(200, service.page("/readyz").statusCode());
        assertEquals(404, service.page("/metrics/../etc").statusCode());
        assertEquals(
                1,
                service.metric(
                        "weir_decisions_total{domain=\"llm\",limit=\"none\",outcome=\"allowed\",tier=\"none\"}"));
        assertEquals(1, service.metric("weir_decision_seconds_count"));
    }

    private static void expect(Status.Code code, String word, Runnable call) {
        StatusRuntimeException e = assertThrows(StatusRuntimeException.class, call::run);
        assertEquals(code, e.getStatus().getCode(), e::toString);
        assertTrue(String.valueOf(e.getStatus().getDescription()).contains(word), e::toString);
    }

    private static String header(RateLimitResponse answer, String name) {
        return answer.getResponseHeadersToAddList().stream()
                .filter(header -> header.getKey().equals(name))
                .map(HeaderValue::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no header " + name + " in " + answer));
    }

    private static CheckRequest check(String... headers) {
        CheckRequest.Builder check = CheckRequest.newBuilder();
        CheckRequest.Http.Builder http =
                check.getAttributesBuilder().getRequestBuilder().getHttpBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            http.addHeadersBuilder()
                    .setKey(ByteString.copyFromUtf8(headers[i]))
                    .setValue(ByteString.copyFromUtf8(headers[i + 1]));
        }
        return check.build();
    }
}
