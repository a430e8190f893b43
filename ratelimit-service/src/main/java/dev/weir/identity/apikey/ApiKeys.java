package dev.weir.identity.apikey;

import dev.weir.identity.Authenticator;
import dev.weir.identity.Caller;
import dev.weir.identity.Credentials;
import dev.weir.identity.Identification;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Identifies callers by API key. A key is looked up by the digest of its secret, so neither the register nor the time that
 * a look-up takes tells anything of a secret.
 */
public final class ApiKeys implements Authenticator {
    private static final String BEARER = "bearer ";

    private final Map<String, ApiKey> bySha256 = new HashMap<>();

    ApiKeys(Collection<ApiKey> keys) {
        keys.forEach(key -> bySha256.put(key.sha256(), key));
    }

    /** Identifies by {@code Bearer <secret>}, or by {@code x-api-key} where that is not there. */
    @Override
    public CompletionStage<Identification> identify(Credentials credentials) {
        return CompletableFuture.completedFuture(identify(credentials.authorization(), credentials.apiKey()));
    }

    Identification identify(@Nullable String authorization, @Nullable String apiKey) {
        String secret = bearer(authorization);
        if (secret == null) {
            secret = apiKey;
        }
        if (secret == null || secret.isEmpty()) {
            return new Identification.NoCredential();
        }
        // A character that cannot be encoded would be hashed as a question mark, so that the secret would pass for
        // another.
        boolean isText = StandardCharsets.UTF_8.newEncoder().canEncode(secret);
        ApiKey key = isText ? bySha256.get(sha256(secret)) : null;
        if (key == null) {
            return new Identification.UnknownCredential();
        }
        return key.enabled() ? new Identification.Known(key.caller()) : new Identification.Disabled(key.caller());
    }

    /** Returns all callers, so that answers to them can be made ahead. */
    public List<Caller> callers() {
        return bySha256.values().stream().map(ApiKey::caller).toList();
    }

    private static @Nullable String bearer(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return null;
        }
        String secret = authorization.substring(BEARER.length()).strip();
        return secret.isEmpty() ? null : secret;
    }

    private static String sha256(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
