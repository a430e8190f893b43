package dev.weir.tls;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.YamlRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Reads certificates in PEM, one or many in a file. */
public final class CertificateFile {
    private static final String NONE = "must hold certificates in PEM, and nothing else";

    private CertificateFile() {}

    /** @throws ConfigException if the file cannot be read, holds no certificate, or holds anything but certificates */
    public static List<X509Certificate> read(Path path) throws ConfigException {
        Problems problems = new Problems();
        List<X509Certificate> certificates = read(path, problems);
        problems.throwIfErrors();
        return certificates;
    }

    private static List<X509Certificate> read(Path path, Problems problems) {
        String file = path.toString();
        try (InputStream in = Files.newInputStream(path)) {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (certificates.isEmpty()) {
                problems.add(new Problem(file, YamlRules.FILE, NONE));
            }
            return certificates;
        } catch (NoSuchFileException e) {
            problems.add(new Problem(file, YamlRules.FILE, "does not exist"));
        } catch (CertificateException e) {
            problems.add(new Problem(file, YamlRules.FILE, NONE));
        } catch (IOException e) {
            problems.add(new Problem(file, YamlRules.FILE, "cannot be read: " + e));
        }
        return List.of();
    }
}
