package dev.weir.server;

import dev.weir.bucket.redis.ClientCertificate;
import dev.weir.config.Reloader;
import dev.weir.envoy.listen.Connections;
import dev.weir.policy.PolicySource;
import dev.weir.policy.read.PolicyReader;
import dev.weir.refusal.sink.RefusalTarget;
import dev.weir.refusal.sink.Rotation;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says.
 *
 * @param keys null serves no external authorization
 * @param reload how often the files are looked at; zero reads them once
 * @param open what it does not say
 * @param connections how Envoy may call
 * @param extension what it does beside
 */
public record ServerOptions(
        PolicySource policy,
        @Nullable Path keys,
        Store store,
        SocketAddress grpc,
        InetSocketAddress admin,
        RefusalTarget refusals,
        Rotation rotation,
        Duration reload,
        Open open,
        Connections connections,
        Extension extension) {
    /** By itself. */
    public ServerOptions(
            Path policy,
            @Nullable Path keys,
            Store store,
            SocketAddress grpc,
            InetSocketAddress admin,
            RefusalTarget refusals,
            Rotation rotation,
            Duration reload,
            Open open) {
        this(
                new PolicySource.Files(new Reloader<>(policy, PolicyReader::read)),
                keys,
                store,
                grpc,
                admin,
                refusals,
                rotation,
                reload,
                open,
                Connections.PLAIN,
                Extension.NONE);
    }

    /** That leave nothing open. */
    public ServerOptions(
            Path policy,
            @Nullable Path keys,
            Store store,
            SocketAddress grpc,
            InetSocketAddress admin,
            RefusalTarget refusals,
            Rotation rotation,
            Duration reload) {
        this(policy, keys, store, grpc, admin, refusals, rotation, reload, Open.NOTHING);
    }

    /** Returns the same for other connections. */
    public ServerOptions with(Connections other) {
        return new ServerOptions(policy, keys, store, grpc, admin, refusals, rotation, reload, open, other, extension);
    }

    /**
     * What the command line leaves to the policy; where that does not say it either, the options hold.
     *
     * @param store where the buckets are
     * @param refusalDays how long files of refusals are kept
     * @param environment the variables that a policy may name
     */
    public record Open(boolean store, boolean refusalDays, Map<String, String> environment) {
        public static final Open NOTHING = new Open(false, false, Map.of());

        public Open {
            environment = Map.copyOf(environment);
        }
    }

    /**
     * Where the buckets are.
     *
     * @param redis null keeps them in memory
     * @param ca null leaves it to the JVM whose certificates are trusted
     * @param client shown to Redis; null shows it no certificate
     * @param timeout of one call
     * @param prefix what the names of all keys in Redis begin with; may be empty
     * @param files that say where Redis is, and who asks it, in place of {@code redis}
     * @param patience how long Redis is waited for at the start; zero tries once
     */
    public record Store(
            @Nullable String redis,
            @Nullable Path ca,
            @Nullable ClientCertificate client,
            Duration timeout,
            String prefix,
            RedisFiles files,
            Duration patience) {
        public static final Store MEMORY = new Store(null, null, Duration.ZERO, "");

        /** That reads no files and waits for nobody. */
        public Store(
                @Nullable String redis,
                @Nullable Path ca,
                @Nullable ClientCertificate client,
                Duration timeout,
                String prefix) {
            this(redis, ca, client, timeout, prefix, RedisFiles.NONE, Duration.ZERO);
        }

        /** That shows Redis no certificate. */
        public Store(@Nullable String redis, @Nullable Path ca, Duration timeout, String prefix) {
            this(redis, ca, null, timeout, prefix);
        }

        /** The same in another place. */
        Store at(@Nullable String otherRedis, String otherPrefix) {
            return new Store(otherRedis, ca, client, timeout, otherPrefix, files, patience);
        }

        boolean isRedis() {
            return redis != null || files.url() != null;
        }
    }
}
