package dev.weir.server;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.Reloader;
import dev.weir.envoy.listen.Encryption;
import dev.weir.envoy.listen.LatestTls;
import dev.weir.envoy.listen.ServerTls;
import dev.weir.identity.apikey.ApiKeyReader;
import dev.weir.identity.apikey.ApiKeys;
import dev.weir.policy.Policy;
import dev.weir.policy.PolicySource;
import dev.weir.tls.CertificateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds what people wrote, all of it read before anything starts.
 *
 * @param policyFiles null where the policy is sent by {@code sender}, and the other way round
 * @param certificates null where gRPC is spoken in the clear
 */
record Inputs(
        Policy policy,
        @Nullable Reloader<Policy> policyFiles,
        PolicySource.@Nullable Sent sender,
        @Nullable Register register,
        @Nullable Certificates certificates,
        List<X509Certificate> authorities,
        RedisLogin login,
        Reloader<RedisLogin> loginFiles) {
    private static final Logger LOG = LoggerFactory.getLogger(Inputs.class);

    record Register(ApiKeys keys, Reloader<ApiKeys> file) {}

    /** The certificates by which the gRPC listener encrypts. */
    record Certificates(Encryption first, LatestTls tls, Reloader<Encryption> files) {}

    /** Closes what reading began, where no service is to start. */
    void close() {
        if (sender != null) {
            sender.close();
        }
    }

    static Inputs read(ServerOptions options) throws ConfigException, IOException {
        List<Problem> problems = new ArrayList<>();
        Reloader<Policy> policyFiles = options.policy() instanceof PolicySource.Files written ? written.files() : null;
        Policy policy = policyFiles == null ? null : policy(policyFiles, options.extension(), problems);
        Path keys = options.keys();
        Register register = keys == null ? null : read(() -> register(keys), problems);
        ServerTls tls = options.connections().tls();
        Certificates certificates = tls == null ? null : read(() -> certificates(tls), problems);
        Path ca = options.store().ca();
        List<X509Certificate> authorities = ca == null ? null : read(() -> CertificateFile.read(ca), problems);
        Reloader<RedisLogin> loginFiles = options.store().files().reloader();
        RedisLogin login = read(loginFiles::read, problems);
        if (!problems.isEmpty() || login == null) {
            throw new ConfigException(problems);
        }
        List<X509Certificate> trusted = authorities == null ? List.of() : authorities;
        if (policy != null) {
            return new Inputs(policy, policyFiles, null, register, certificates, trusted, login, loginFiles);
        }
        PolicySource.Sent sender = (PolicySource.Sent) options.policy();
        sender.start();
        return new Inputs(sender.latest(), null, sender, register, certificates, trusted, login, loginFiles);
    }

    private static @Nullable Policy policy(Reloader<Policy> files, Extension extension, List<Problem> problems) {
        return extension.startsWithoutPolicy() ? readOrNone(files) : read(files::read, problems);
    }

    /** Returns a policy without a domain in place of one that cannot be used. */
    private static Policy readOrNone(Reloader<Policy> files) {
        try {
            return files.read();
        } catch (ConfigException e) {
            LOG.error("the policy cannot be used, and every call fails until it can be");
            e.problems().forEach(problem -> LOG.error("{}", problem));
            return new Policy(Map.of());
        }
    }

    private static Register register(Path keys) throws ConfigException {
        Reloader<ApiKeys> file = new Reloader<>(keys, ApiKeyReader::read);
        return new Register(file.read(), file);
    }

    private static Certificates certificates(ServerTls tls) throws ConfigException {
        Reloader<Encryption> files = tls.files();
        Encryption first = files.read();
        return new Certificates(first, new LatestTls(first.context()), files);
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
