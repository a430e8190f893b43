package dev.weir.envoy.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.config.ConfigException;
import dev.weir.config.Reloader;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of certificates that change. */
class ServerTlsTest {
    @TempDir
    private Path folder;

    private final List<Encryption> changes = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private Reloader<Encryption> files;

    @BeforeEach
    void read() throws Exception {
        X509Bundle own = bundle();
        write("key", own.getPrivateKeyPEM());
        write("cert", own.getCertificatePathPEM());
        write("ca", own.getCertificatePEM());
        files = new ServerTls(folder.resolve("cert"), folder.resolve("key"), folder.resolve("ca"), "").files();
        files.read();
    }

    @Test
    void aChangeOfAnyOfThemIsReadOnce() throws Exception {
        X509Bundle next = bundle();
        write("ca", next.getCertificatePEM());
        look();
        assertEquals(1, changes.size());
        write("key", next.getPrivateKeyPEM());
        write("cert", next.getCertificatePathPEM());
        look();
        look();

        assertEquals(2, changes.size());
        assertEquals(List.of(), problems);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cert | nonsense | cert: error file: must hold certificates in PEM, and nothing else",
                "ca   | nonsense | ca: error file: must hold certificates in PEM, and nothing else",
                "key  | nonsense | key: error file: must hold a private key in PEM (PKCS #8, PKCS #1 or SEC 1) that is not encrypted"
            })
    void aMistakeIsToldAndChangesNothing(String name, String text, String problem) throws Exception {
        write(name, text);
        look();

        assertEquals(List.of(), changes);
        assertEquals(List.of(folder + "/" + problem), problems);
    }

    @Test
    void aKeyOfAnotherCertificateIsAMistake() throws Exception {
        write("key", bundle().getPrivateKeyPEM());
        look();

        assertEquals(List.of(), changes);
        assertEquals(
                List.of(folder + "/key: error file: is not the key of the first certificate in " + folder + "/cert"),
                problems);
    }

    /** A change is read when it has stood for a look. */
    private void look() {
        for (int i = 0; i < 2; i++) {
            files.look(changes::add, this::refused);
        }
    }

    private void refused(ConfigException e) {
        e.problems().forEach(problem -> problems.add(problem.toString()));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private static X509Bundle bundle() throws Exception {
        return new CertificateBuilder()
                .subject("CN=weir")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }
}
