package dev.weir.envoy.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weir.envoy.Checks;
import dev.weir.envoy.call.InvalidRequestException;
import dev.weir.identity.Caller;
import dev.weir.policy.Policies;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import dev.weir.request.Request;
import dev.weir.wire.CheckRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R4.4, R5.7: what external authorization charges, and that no client chooses what it is charged as. */
class AdmissionReaderTest {
    private static final Caller ALICE = new Caller(Map.of("key", "alice-laptop", "user", "alice"));
    private static final Set<String> NAMES = new CallerAnswers(Set.of("tenant")).names();
    private static final Policy POLICY = Policies.of("""
            domain: llm
            admit: true
            limits:
              - {name: all, tier: global, per: [], allow: 1 requests / 1m}
            """);

    @Test
    void oneWideDescriptorHoldsTheCallerTheRouteTheRequestAndTheBody() throws InvalidRequestException {
        Request request = read(Checks.post("/v1/chat/completions?user=root")
                .header("x-request-id", "r-1")
                .from("192.0.2.7")
                .route("plan", "gold")
                .body("model", "gpt"));

        assertEquals("llm", request.domain());
        assertEquals("r-1", request.id());
        assertEquals(List.of(), request.settlements());
        assertEquals(1, request.descriptors().size());
        assertEquals(1, request.descriptors().get(0).hits());
        assertEquals(
                "{key=alice-laptop, user=alice, plan=gold, path=/v1/chat/completions, method=POST, host=api.example,"
                        + " remote_address=192.0.2.7, model=gpt}",
                request.descriptors().get(0).attributes().toString());
    }

    @Test
    void theBodyDoesNotSayWhatOnlyAKindOfIdentityMaySay() throws InvalidRequestException {
        assertNull(attributes(Checks.post("/").body("tenant", "acme")).get("tenant"));
    }

    @Test
    void whatAKindOfIdentityDidNotAnnounceIsNeitherToldNorCharged() throws InvalidRequestException {
        Caller caller = new Caller(Map.of("key", "k1", "surprise", "7"));

        Request request = AdmissionReader.read(Checks.post("/").read(), caller, NAMES, POLICY);

        assertNotNull(request);
        assertNull(request.descriptors().get(0).attributes().get("surprise"));
        assertFalse(
                new CallerAnswers(Set.of()).known(caller).getDynamicMetadata().containsFields("surprise"));
    }

    @Test
    void aHostIsTheSameInAnyCase() throws InvalidRequestException {
        assertEquals(
                "api.example:8443",
                attributes(Checks.post("/").host("API.example:8443")).get("host"));
    }

    @Test
    void whatEnvoyDoesNotSayIsNotThere() throws InvalidRequestException {
        CheckRequest nothing = CheckRequest.getDefaultInstance();

        Request request = AdmissionReader.read(nothing, ALICE, NAMES, POLICY);

        assertNotNull(request);
        assertNull(request.id());
        assertEquals(
                "{key=alice-laptop, user=alice}",
                request.descriptors().get(0).attributes().toString());
    }

    @Test
    void theRouteCannotReplaceTheCallerAndTheBodyCannotReplaceTheRoute() throws InvalidRequestException {
        Attributes attributes = attributes(Checks.post("/")
                .route("user", "root")
                .route("model", "routed")
                .route("path", "chat")
                .body("model", "asked"));

        assertEquals("alice", attributes.get("user"));
        assertEquals("routed", attributes.get("model"));
        assertEquals("chat", attributes.get("path"));
    }

    @ParameterizedTest
    @CsvSource({"key", "user", "team", "service", "environment", "path", "method", "host", "remote_address"})
    void theBodyHasNoSayInWhoCallsFromWhereAndWhat(String name) throws InvalidRequestException {
        Attributes asked = attributes(Checks.post("").body(name, "chosen"));
        Attributes silent = attributes(Checks.post(""));

        assertEquals(silent.get(name), asked.get(name));
    }

    @Test
    void namesThatSteerWeirComeFromNobody() throws InvalidRequestException {
        Request request = read(Checks.post("/")
                .body("weir.reservation", "somebody's")
                .body("weir.request_id", "forged")
                .body("weir.domain", "other"));

        assertEquals("llm", request.domain());
        assertNull(request.id());
        assertNull(request.descriptors().get(0).attributes().get("weir.reservation"));
        assertEquals(List.of(), request.settlements());
    }

    @Test
    void thePromptIsAsLongAsWhatEnvoyHasReceived() throws InvalidRequestException {
        assertEquals("1000000", promptBytes(Checks.post("/").size(1_000_000).body("prompt_bytes", "1")));
        assertNull(promptBytes(Checks.post("/")), "there is none");
        assertEquals("77", promptBytes(Checks.post("/").header("content-length", "77")), "before the body is there");
        assertEquals("unknown", promptBytes(Checks.post("/").header("transfer-encoding", "chunked")));
    }

    private static String promptBytes(Checks check) throws InvalidRequestException {
        return attributes(check).get("prompt_bytes");
    }

    @Test
    void onlyTheNamespaceOfTheBodyIsRead() throws InvalidRequestException {
        assertNull(attributes(Checks.post("/").elsewhere("model", "gpt")).get("model"));
    }

    @ParameterizedTest
    @CsvSource({
        "50, 50",
        "0, 0",
        "-0.0, 0",
        "-3, -3",
        "0.7, 0.7",
        "9007199254740991, 9007199254740991",
        "9007199254740992, 9.007199254740992E15",
        "1e19, 1.0E19",
        "NaN, NaN",
        "Infinity, Infinity"
    })
    void numbersAreWrittenWithoutLossOrSoThatNobodyTakesThemForACount(double number, String text)
            throws InvalidRequestException {
        assertEquals(
                text, attributes(Checks.post("/").body("max_tokens", number)).get("max_tokens"));
    }

    @Test
    void aStructureIsNoAttributeAndAsMaxTokensItCannotBeRead() throws InvalidRequestException {
        Value.Builder list = Value.newBuilder().setListValue(ListValue.getDefaultInstance());
        Value.Builder struct = Value.newBuilder().setStructValue(Struct.getDefaultInstance());
        Value.Builder nothing = Value.newBuilder().setNullValue(NullValue.NULL_VALUE);

        assertEquals(
                "unreadable",
                attributes(Checks.post("/").body("max_tokens", list)).get("max_tokens"));
        assertEquals(
                "unreadable",
                attributes(Checks.post("/").body("max_tokens", struct)).get("max_tokens"));
        assertEquals(
                "unreadable",
                attributes(Checks.post("/").body("max_tokens", nothing)).get("max_tokens"));
        assertNull(attributes(Checks.post("/").body("model", list)).get("model"));
    }

    @Test
    void truthIsWrittenAsAWord() throws InvalidRequestException {
        Value.Builder yes = Value.newBuilder().setBoolValue(true);

        assertEquals("true", attributes(Checks.post("/").body("stream", yes)).get("stream"));
    }

    /** The published class rejects the whole call, and Envoy may let a call that failed through. */
    @Test
    void aByteThatIsNotUtf8IsAValueLikeAnyOther() throws Exception {
        CheckRequest.Builder call = Checks.post("/").body("model", "gpt").read().toBuilder();
        call.getAttributesBuilder()
                .getMetadataContextBuilder()
                .getFilterMetadataBuilder(0)
                .getValueBuilder()
                .getFieldsBuilder(0)
                .getValueBuilder()
                .setStringValue(ByteString.copyFrom(new byte[] {'a', (byte) 0xff}));
        CheckRequest sent = CheckRequest.parseFrom(call.build().toByteString());

        Request request = AdmissionReader.read(sent, ALICE, NAMES, POLICY);

        assertNotNull(request);
        assertEquals("a\udcff", request.descriptors().get(0).attributes().get("model"));
    }

    @Test
    void aRouteThatOptsOutIsNotCharged() throws InvalidRequestException {
        assertNull(AdmissionReader.read(
                Checks.post("/").route("weir.admit", "false").read(), ALICE, NAMES, POLICY));
    }

    private static Attributes attributes(Checks check) throws InvalidRequestException {
        return read(check).descriptors().get(0).attributes();
    }

    private static Request read(Checks check) throws InvalidRequestException {
        Request request = AdmissionReader.read(check.read(), ALICE, NAMES, POLICY);
        assertNotNull(request);
        return request;
    }
}
