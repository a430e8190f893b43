package dev.weir.tls;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.YamlRules;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate and its key, by which a listener or a client is known.
 *
 * @param chain its certificate, and those that lead to an authority
 * @param key the key of the first of them
 */
public record CertifiedKey(List<X509Certificate> chain, PrivateKey key) {
    private static final byte[] ANYTHING = "weir".getBytes(StandardCharsets.US_ASCII);

    public CertifiedKey {
        chain = List.copyOf(chain);
    }

    /**
     * Reads both files.
     *
     * @param key in PEM: PKCS #8, PKCS #1 or SEC 1, not encrypted
     * @throws ConfigException if one of them cannot be used, or they do not belong together
     */
    public static CertifiedKey read(Path certificates, Path key) throws ConfigException {
        CertifiedKey read = new CertifiedKey(CertificateFile.read(certificates), PrivateKeyFile.read(key));
        if (!read.belongTogether()) {
            throw new ConfigException(List.of(new Problem(
                    key.toString(), YamlRules.FILE, "is not the key of the first certificate in " + certificates)));
        }
        return read;
    }

    private boolean belongTogether() {
        X509Certificate own = chain.get(0);
        String algorithm = own.getPublicKey().getAlgorithm();
        try {
            Signature signature = Signature.getInstance(
                    algorithm.equals("RSA") ? "SHA256withRSA" : algorithm.equals("EC") ? "SHA256withECDSA" : algorithm);
            signature.initSign(key);
            signature.update(ANYTHING);
            byte[] signed = signature.sign();
            signature.initVerify(own.getPublicKey());
            signature.update(ANYTHING);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
