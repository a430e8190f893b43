package dev.weir;

import dev.weir.config.CertificateFile;
import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.Reloader;
import dev.weir.identity.ApiKeyReader;
import dev.weir.identity.ApiKeys;
import dev.weir.policy.Policy;
import dev.weir.policy.PolicyReader;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people wrote, all of it read before anything starts. */
record Configuration(
        Policy policy,
        Reloader<Policy> policyFiles,
        @Nullable Register register,
        List<X509Certificate> authorities) {
    record Register(ApiKeys keys, Reloader<ApiKeys> file) {}

    static Configuration read(Service.Options options) throws ConfigException {
        List<Problem> problems = new ArrayList<>();
        Reloader<Policy> policyFiles = new Reloader<>(options.policy(), PolicyReader::read);
        Policy policy = read(policyFiles::read, problems);
        Path keys = options.keys();
        Register register = keys == null ? null : read(() -> register(keys), problems);
        Path ca = options.store().ca();
        List<X509Certificate> authorities = ca == null ? null : read(() -> CertificateFile.read(ca), problems);
        if (policy == null || !problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Configuration(policy, policyFiles, register, authorities == null ? List.of() : authorities);
    }

    private static Register register(Path keys) throws ConfigException {
        Reloader<ApiKeys> file = new Reloader<>(keys, ApiKeyReader::read);
        return new Register(file.read(), file);
    }

    private interface Reading<T> {
        T read() throws ConfigException;
    }

    private static <T> @Nullable T read(Reading<T> reading, List<Problem> problems) {
        try {
            return reading.read();
        } catch (ConfigException e) {
            problems.addAll(e.problems());
            return null;
        }
    }
}
