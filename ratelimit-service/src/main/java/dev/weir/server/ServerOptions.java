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
 * Holds what the command line says.
 *
 * @param keys null serves no external authorization
 * @param reload how often the files are looked at; zero reads them once
 * @param open what it leaves to the policy
 * @param connections how Envoy may call
 * @param extension what the server does besides
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
    /** Makes options for plain connections, without an extension. */
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

    /** Makes options that leave nothing open. */
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

    /** Returns the same options for other connections. */
    public ServerOptions with(Connections other) {
        return new ServerOptions(policy, keys, store, grpc, admin, refusals, rotation, reload, open, other, extension);
    }

    /**
     * Tells what the command line leaves to the policy; where that does not say it either, the options hold.
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
     * Tells where the buckets are.
     *
     * @param redis null keeps them in memory
     * @param ca the authorities that are trusted; null leaves it to the JVM
     * @param client the certificate shown to Redis; null shows none
     * @param timeout how long one call may take
     * @param prefix what the names of all keys in Redis begin with; may be empty
     * @param files the files that say where Redis is, and as whom to log in, in place of {@code redis}
     * @param patience how long to wait for Redis at the start; zero tries once
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

        /** Makes a place that reads no files and waits for nobody. */
        public Store(
                @Nullable String redis,
                @Nullable Path ca,
                @Nullable ClientCertificate client,
                Duration timeout,
                String prefix) {
            this(redis, ca, client, timeout, prefix, RedisFiles.NONE, Duration.ZERO);
        }

        /** Makes such a place that shows Redis no certificate. */
        public Store(@Nullable String redis, @Nullable Path ca, Duration timeout, String prefix) {
            this(redis, ca, null, timeout, prefix);
        }

        /** Returns the same in another place. */
        Store at(@Nullable String otherRedis, String otherPrefix) {
            return new Store(otherRedis, ca, client, timeout, otherPrefix, files, patience);
        }

        boolean isRedis() {
            return redis != null || files.url() != null;
        }
    }
}
