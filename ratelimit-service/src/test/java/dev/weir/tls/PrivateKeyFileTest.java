package dev.weir.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.config.ConfigException;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys that Envoy Gateway and cert-manager write. */
class PrivateKeyFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"RSA, 2048", "EC, 256", "EC, 521", "Ed25519, 255"})
    void keysInPkcs8AreRead(String algorithm, int size) throws Exception {
        PrivateKey key = key(algorithm, size);

        assertArrayEquals(
                key.getEncoded(), read("PRIVATE KEY", key.getEncoded()).getEncoded());
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 2048, 4096})
    void rsaKeysInPkcs1AreRead(int size) throws Exception {
        PrivateKey key = key("RSA", size);
        byte[] wrapped = key.getEncoded();
        // Behind two lengths of four bytes, the version and the algorithm.
        byte[] pkcs1 = Arrays.copyOfRange(wrapped, 4 + 3 + 15 + 4, wrapped.length);

        assertArrayEquals(wrapped, read("RSA PRIVATE KEY", pkcs1).getEncoded());
    }

    @Test
    void keysOfACurveInSec1AreRead() throws Exception {
        PrivateKey key = key("EC", 256);
        byte[] wrapped = key.getEncoded();
        // Java's ends with the version and 32 octets, and says beside them which curve it is of.
        byte[] octets = Arrays.copyOfRange(wrapped, wrapped.length - 34, wrapped.length);
        ByteArrayOutputStream sec1 = new ByteArrayOutputStream();
        sec1.writeBytes(HexFormat.of().parseHex("3031020101"));
        sec1.writeBytes(octets);
        sec1.writeBytes(HexFormat.of().parseHex("a00a06082a8648ce3d030107"));

        ECPrivateKey read = (ECPrivateKey) read("EC PRIVATE KEY", sec1.toByteArray());
        assertEquals(((ECPrivateKey) key).getS(), read.getS());
        assertEquals(((ECPrivateKey) key).getParams(), read.getParams());
    }

    /** As openssl and Go write them, whose keys are longer by the public half. */
    @ParameterizedTest
    @CsvSource({"secp256r1, 32", "secp384r1, 48", "secp521r1, 66"})
    void keysWithTheirPublicHalfAreRead(String curve, int bytes) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        KeyPair pair = generator.generateKeyPair();
        // What a certificate has of the key: its algorithm, which names the curve, and the point.
        byte[] spki = pair.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(spki, spki.length - 2 * bytes - 1, spki.length);
        int oidAt = spki[1] == (byte) 0x81 ? 3 + 2 + 9 : 2 + 2 + 9;
        byte[] oid = Arrays.copyOfRange(spki, oidAt, oidAt + 2 + spki[oidAt + 1]);
        byte[] number = ((ECPrivateKey) pair.getPrivate()).getS().toByteArray();
        byte[] secret = new byte[bytes];
        int kept = Math.min(bytes, number.length);
        System.arraycopy(number, number.length - kept, secret, bytes - kept, kept);
        byte[] sec1 = der(
                0x30, der(2, new byte[] {1}), der(4, secret), der(0xa0, oid), der(0xa1, der(3, new byte[1], point)));

        ECPrivateKey read = (ECPrivateKey) read("EC PRIVATE KEY", sec1);
        assertEquals(((ECPrivateKey) pair.getPrivate()).getS(), read.getS());
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(content::writeBytes);
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        if (content.size() > 0x7f) {
            element.write(0x81);
        }
        element.write(content.size());
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "CERTIFICATE"})
    void whatIsNoKeyIsRefusedWithoutAWordOfIt(String form) {
        for (String bytes : new String[] {"", "30", "3082", "3003020101", "30840fffffff", "30ff", "a0ff7f"}) {
            ConfigException e = assertThrows(
                    ConfigException.class, () -> read(form, HexFormat.of().parseHex(bytes)));
            assertEquals(
                    folder.resolve("key.pem")
                            + ": error file: must hold a private key in PEM (PKCS #8, PKCS #1 or SEC 1) that is not encrypted",
                    e.getMessage());
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path none = folder.resolve("none.pem");
        ConfigException e = assertThrows(ConfigException.class, () -> PrivateKeyFile.read(none));

        assertEquals(none + ": error file: does not exist", e.getMessage());
    }

    private PrivateKey read(String form, byte[] der) throws Exception {
        String pem = "-----BEGIN " + form + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + form + "-----\n";
        return PrivateKeyFile.read(Files.writeString(folder.resolve("key.pem"), pem));
    }

    private static PrivateKey key(String algorithm, int size) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(size);
        return generator.generateKeyPair().getPrivate();
    }
}
