package dev.weir.testing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** API keys of users in tests. */
public final class Secrets {
    private Secrets() {}

    public static String of(String user) {
        return "secret-of-" + user;
    }

    public static String sha256(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key for each user, with the user's name as its id and its service, and a disabled one of the user {@code disabled}. */
    public static String register(List<String> users) {
        StringBuilder register = new StringBuilder("keys:\n");
        for (String user : users) {
            register.append(
                    "  - {id: %s, sha256: %s, user: %s, service: %s}%n".formatted(user, sha256(of(user)), user, user));
        }
        return register
                + "  - {id: disabled, sha256: %s, user: disabled, enabled: false}%n".formatted(sha256(of("disabled")));
    }
}
