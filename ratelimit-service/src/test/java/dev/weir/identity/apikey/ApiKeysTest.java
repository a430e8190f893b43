package dev.weir.identity.apikey;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.identity.Caller;
import dev.weir.identity.Identification;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R5.6: identity from an API token. */
class ApiKeysTest {
    private static final Caller ALICE = new Caller(Map.of("key", "alice-laptop", "user", "alice", "team", "red"));
    private static final Caller BOB = new Caller(Map.of("key", "bob-ci", "user", "bob"));
    private static final Identification NO_CREDENTIAL = new Identification.NoCredential();
    private static final Identification UNKNOWN = new Identification.UnknownCredential();

    private final ApiKeys keys = new ApiKeys(List.of(
            new ApiKey(ALICE, sha256("alice's secret?"), true), new ApiKey(BOB, sha256("bob's secret"), false)));

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "Bearer   "})
    void aBearerTokenIdentifies(String scheme) {
        assertEquals(new Identification.Known(ALICE), keys.identify(scheme + "alice's secret?", null));
        assertEquals(new Identification.Known(ALICE), keys.identify(scheme + "alice's secret? ", null));
    }

    @Test
    void theHeaderXApiKeyIdentifies() {
        assertEquals(new Identification.Known(ALICE), keys.identify(null, "alice's secret?"));
    }

    @Test
    void theBearerTokenCountsBeforeXApiKey() {
        assertEquals(new Identification.Known(ALICE), keys.identify("Bearer alice's secret?", "bob's secret"));
        assertEquals(UNKNOWN, keys.identify("Bearer nobody's secret", "alice's secret?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic YTpi", "alice's secret?", "", "Bearer", "Bearer ", "Bearer   "})
    void xApiKeyCountsWhereAuthorizationHoldsNoBearerToken(String authorization) {
        assertEquals(new Identification.Known(ALICE), keys.identify(authorization, "alice's secret?"));
        assertEquals(NO_CREDENTIAL, keys.identify(authorization, null));
    }

    @Test
    void aRequestWithoutCredentialIsToldApartFromAnUnknownOne() {
        assertEquals(NO_CREDENTIAL, keys.identify(null, null));
        assertEquals(NO_CREDENTIAL, keys.identify(null, ""));
        assertEquals(UNKNOWN, keys.identify(null, "nobody's secret"));
    }

    @Test
    void theDigestOfASecretIsNoSecret() {
        assertEquals(UNKNOWN, keys.identify(null, sha256("alice's secret?")));
    }

    @Test
    void aDisabledKeyIsKnownButRefused() {
        assertEquals(new Identification.Disabled(BOB), keys.identify("Bearer bob's secret", null));
    }

    /** Java's encoder writes what it cannot encode as a question mark. */
    @ParameterizedTest
    @ValueSource(strings = {"alice's secret\udcff", "alice's secret\ud800"})
    void aSecretThatIsNotUtf8IsNobodys(String secret) {
        assertEquals(UNKNOWN, keys.identify("Bearer " + secret, null));
        assertEquals(UNKNOWN, keys.identify(null, secret));
    }

    @Test
    void theAttributesOfACallerAreThoseThatAreKnown() {
        assertEquals(
                "{key=alice-laptop, user=alice, team=red}", ALICE.attributes().toString());
    }

    private static String sha256(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
