package dev.weir.tls;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.YamlRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a private key in PEM: in PKCS #8, or in the older forms of RSA and of elliptic curves, which Envoy Gateway and cert-manager write
 * and Java does not read.
 */
public final class PrivateKeyFile {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN (RSA |EC |)PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END \\1PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private PrivateKeyFile() {}

    /**
     * Reads the key.
     *
     * @throws ConfigException if the file cannot be read or holds none; the message quotes nothing of the file
     */
    public static PrivateKey read(Path path) throws ConfigException {
        try {
            Matcher matcher = PEM.matcher(Files.readString(path, StandardCharsets.US_ASCII));
            if (matcher.find()) {
                return key(matcher.group(1).strip(), Base64.getMimeDecoder().decode(matcher.group(2)));
            }
        } catch (NoSuchFileException e) {
            throw problem(path, "does not exist");
        } catch (IOException e) {
            throw problem(path, "cannot be read: " + e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Its message could reveal the key.
        }
        throw problem(path, "must hold a private key in PEM (PKCS #8, PKCS #1 or SEC 1) that is not encrypted");
    }

    private static ConfigException problem(Path path, String message) {
        return new ConfigException(List.of(new Problem(path.toString(), YamlRules.FILE, message)));
    }

    private static PrivateKey key(String form, byte[] der) throws GeneralSecurityException {
        byte[] wrapped = form.equals("RSA") ? Der.ofRsa(der) : form.equals("EC") ? Der.ofCurve(der) : der;
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(wrapped);
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // The key is of another algorithm.
            }
        }
        throw new InvalidKeySpecException("of none of " + ALGORITHMS);
    }
}
