package dev.weir.envoy.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.weir.envoy.Calls;
import dev.weir.envoy.Checks;
import dev.weir.testing.Secrets;
import dev.weir.testing.TestService;
import dev.weir.wire.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R4.4, R5.7, R6.3: the whole service over gRPC where external authorization charges, good calls and bad ones. */
class AdmittingEndpointIT {
    private static final String INVALID =
            "weir_decisions_total{domain=\"unknown\",limit=\"none\",outcome=\"invalid\",tier=\"none\"}";

    @TempDir
    private Path folder;

    private TestService service;
    private Calls envoy;

    @BeforeEach
    void start() throws Exception {
        Path policies = Files.createDirectory(folder.resolve("policies"));
        Files.writeString(policies.resolve("llm.yaml"), """
                domain: llm
                admit: true
                limits:
                  - {name: user-requests, tier: user, per: [user], allow: 3 requests / 1m}
                  - {name: user-tokens, tier: user, per: [user], allow: 1k tokens / 1m, estimate: 100}
                  - {name: model-requests, tier: global, per: [model], allow: 2 requests / 1m, answer: {status: 503}}
                """);
        Files.writeString(policies.resolve("batch.yaml"), """
                domain: batch
                admit: true
                limits:
                  - {name: user-requests, tier: user, per: [user], allow: 1 requests / 1m}
                """);
        Files.writeString(policies.resolve("asked.yaml"), """
                domain: asked
                limits:
                  - {name: user-requests, tier: user, per: [user], allow: 1 requests / 1m}
                """);
        Path keys = Files.writeString(folder.resolve("keys.yaml"), Secrets.register(List.of("alice", "bob")));
        service = TestService.inMemory(policies, keys);
        envoy = new Calls(service.grpcPort());
    }

    @AfterEach
    void stop() {
        envoy.close();
        service.close();
    }

    @Test
    void threeOfThreeAreAdmittedWithAReservationAndTheFourthIsDenied() {
        for (int used = 1; used <= 3; used++) {
            CheckResponse answer = envoy.check(post("alice", "llm").read());
            assertTrue(answer.hasOkResponse(), answer::toString);
            assertEquals(
                    "alice",
                    answer.getDynamicMetadata().getFieldsOrThrow("user").getStringValue());
            assertFalse(reservation(answer).isEmpty());
        }
        CheckResponse refused = envoy.check(post("alice", "llm").read());
        assertEquals(429, status(refused));
        assertTrue(refused.getDeniedResponse().getBody().contains("\"limit\":\"user-requests\""), refused::toString);
        assertEquals("", reservation(refused));
        assertTrue(envoy.check(post("bob", "llm").read()).hasOkResponse());
    }

    @Test
    void whatIsHeldIsSettledByTheRateLimitService() throws Exception {
        String reservation = reservation(
                envoy.check(post("alice", "llm").body("max_tokens", 1_000).read()));
        CheckRequest next = post("alice", "llm").body("max_tokens", "900").read();
        assertEquals(429, status(envoy.check(next)));
        assertEquals(
                Code.OK,
                envoy.ask(Calls.request("llm", Calls.settle(reservation, 100, "200")))
                        .getOverallCode());
        assertTrue(envoy.check(next).hasOkResponse());
        assertEquals(1000, service.metric("weir_settled_tokens_total{domain=\"llm\",kind=\"held\"}"));
    }

    @Test
    void theLimitChoosesItsStatus() {
        for (int i = 0; i < 2; i++) {
            assertTrue(envoy.check(post("alice", "llm").body("model", "gpt").read())
                    .hasOkResponse());
        }
        assertEquals(
                503, status(envoy.check(post("bob", "llm").body("model", "gpt").read())));
    }

    @Test
    void aStrangerIsNotCharged() throws Exception {
        assertEquals(
                401,
                status(envoy.check(Checks.post("/").header("x-api-key", "guess").read())));
        assertEquals(401, status(envoy.check(Checks.post("/").read())));
        assertEquals(
                403,
                status(envoy.check(Checks.post("/")
                        .header("x-api-key", Secrets.of("disabled"))
                        .read())));
        assertEquals(0, service.metric("weir_decision_seconds_count"));
    }

    @Test
    void aRouteThatDoesNotSayWhichDomainItMeansIsAnErrorThatIsCounted() throws Exception {
        expect(Status.Code.INVALID_ARGUMENT, "several domains", known("alice"));
        expect(Status.Code.INVALID_ARGUMENT, "`asked`", post("alice", "asked"));
        expect(Status.Code.INVALID_ARGUMENT, "no such domain", post("alice", "lmm"));
        assertEquals(3, service.metric(INVALID));
        assertTrue(envoy.check(post("alice", "batch").read()).hasOkResponse());
        assertEquals(429, status(envoy.check(post("alice", "batch").read())));
        CheckResponse free =
                envoy.check(known("alice").route("weir.admit", "false").read());
        assertTrue(free.hasOkResponse());
        assertEquals("", reservation(free));
    }

    @Test
    void headersUnderOurPrefixAreStillReplacedOrRemoved() {
        CheckResponse answer = envoy.check(post("alice", "llm")
                .header("x-weir-user", "root")
                .header("x-weir-role", "root")
                .read());
        assertTrue(answer.getOkResponse().getHeadersToRemoveList().contains("x-weir-role"), answer::toString);
        assertEquals(
                List.of("alice"),
                answer.getOkResponse().getHeadersList().stream()
                        .map(option -> option.getHeader())
                        .filter(header -> header.getKey().equals("x-weir-user"))
                        .map(header -> header.getValue())
                        .toList());
    }

    @Test
    void aByteThatIsNotUtf8IsNoWayAroundALimit() {
        for (int i = 0; i < 2; i++) {
            assertTrue(envoy.check(ofModel((byte) 0xff)).hasOkResponse());
        }
        assertEquals(503, status(envoy.check(ofModel((byte) 0xff))));
        assertTrue(envoy.check(ofModel((byte) 0xfe)).hasOkResponse());
    }

    private static CheckRequest ofModel(byte last) {
        CheckRequest.Builder call = post("alice", "llm").body("model", "gpt").read().toBuilder();
        call.getAttributesBuilder()
                .getMetadataContextBuilder()
                .getFilterMetadataBuilder(0)
                .getValueBuilder()
                .getFieldsBuilder(0)
                .getValueBuilder()
                .setStringValue(ByteString.copyFrom(new byte[] {'g', last}));
        return call.build();
    }

    @Test
    void damagedCallsNeverCrashTheService() {
        byte[] good = post("bob", "llm").body("max_tokens", 5).read().toByteArray();
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = good.clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try {
                assertFalse(envoy.checkRaw(bytes).getStatus().getCode() == Status.Code.INTERNAL.value());
            } catch (StatusRuntimeException e) {
                assertEquals(
                        Status.Code.INVALID_ARGUMENT,
                        e.getStatus().getCode(),
                        () -> HexFormat.of().formatHex(bytes) + " gives " + e.getStatus());
            }
        }
        assertTrue(envoy.check(post("alice", "llm").read()).hasOkResponse());
    }

    private void expect(Status.Code code, String word, Checks check) {
        StatusRuntimeException e = assertThrows(StatusRuntimeException.class, () -> envoy.check(check.read()));
        assertEquals(code, e.getStatus().getCode(), e::toString);
        assertTrue(String.valueOf(e.getStatus().getDescription()).contains(word), e::toString);
    }

    private static Checks post(String user, String domain) {
        return known(user).route("weir.domain", domain);
    }

    private static Checks known(String user) {
        return Checks.post("/v1/chat/completions").header("authorization", "Bearer " + Secrets.of(user));
    }

    private static int status(CheckResponse answer) {
        return answer.getDeniedResponse().getStatus().getCodeValue();
    }

    private static String reservation(CheckResponse answer) {
        return answer.getDynamicMetadata()
                .getFieldsOrDefault("reservation", com.google.protobuf.Value.getDefaultInstance())
                .getStringValue();
    }
}
