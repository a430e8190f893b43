package dev.weir.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.config.ConfigException;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R3.7: the authorities that may have signed the store's certificate. */
class CertificateFileTest {
    private static final String NONE = "must hold certificates in PEM, and nothing else";

    private static X509Bundle one;
    private static X509Bundle other;

    @TempDir
    private Path folder;

    @BeforeAll
    static void make() throws Exception {
        one = authority("CN=one");
        other = authority("CN=other");
    }

    @Test
    void aFileMayHoldMany() throws Exception {
        assertEquals(
                List.of(one.getCertificate(), other.getCertificate()),
                CertificateFile.read(write(one.getCertificatePEM() + "\n" + other.getCertificatePEM())));
    }

    @Test
    void linesOfExplanationDoNotMatter() throws Exception {
        assertEquals(
                List.of(one.getCertificate()),
                CertificateFile.read(write("# the company's own\n" + one.getCertificatePEM())));
    }

    @Test
    void aFileWithoutACertificateIsAProblem() throws Exception {
        assertEquals(NONE, problem(write("")));
        assertEquals(NONE, problem(write("nothing\n")));
        assertEquals("does not exist", problem(folder.resolve("none.pem")));
    }

    @Test
    void aKeyIsNoCertificate() throws Exception {
        assertEquals(NONE, problem(write(one.getCertificatePEM() + "\n" + one.getPrivateKeyPEM())));
    }

    private static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .subject(name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static String problem(Path file) {
        ConfigException e = assertThrows(ConfigException.class, () -> CertificateFile.read(file));
        assertEquals(1, e.problems().size());
        assertEquals(file.toString(), e.problems().get(0).place().file());
        return e.problems().get(0).message();
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("ca.pem"), text);
    }
}
