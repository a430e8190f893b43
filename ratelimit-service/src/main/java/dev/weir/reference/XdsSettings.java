package dev.weir.reference;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where limits come from with {@code CONFIG_TYPE=GRPC_XDS_SOTW}.
 *
 * @param nodeMetadata as it is written: {@code key1=value1,key2=value2}
 * @param server {@code HOST:PORT}
 * @param retry how long to wait before connecting again
 * @param headers sent with the stream
 * @param tls null speaks in the clear
 * @param largestMessage in bytes; 0 leaves it to gRPC
 */
public record XdsSettings(
        String nodeId,
        String nodeMetadata,
        String server,
        Duration retry,
        Map<String, String> headers,
        @Nullable Tls tls,
        Backoff backoff,
        int largestMessage) {
    /**
     * How the server is met.
     *
     * @param certificate of the client, with its key; null shows none
     * @param authorities who may have signed the server's certificate; null leaves that to the JVM
     * @param name that the server's certificate must have; empty takes the host's
     */
    public record Tls(
            @Nullable Path certificate,
            @Nullable Path key,
            @Nullable Path authorities,
            String name) {}

    /** @param randomFactor from 0 to 1: how much a pause may differ from what was reckoned */
    public record Backoff(Duration first, Duration longest, double randomFactor, boolean jitter) {}

    public XdsSettings {
        headers = Map.copyOf(headers);
    }

    static XdsSettings read(Environment environment) {
        return new XdsSettings(
                environment.text(Variable.CONFIG_GRPC_XDS_NODE_ID, "default"),
                environment.text(Variable.CONFIG_GRPC_XDS_NODE_METADATA, ""),
                environment.text(Variable.CONFIG_GRPC_XDS_SERVER_URL, "localhost:18000"),
                environment.duration(Variable.CONFIG_GRPC_XDS_SERVER_CONNECT_RETRY_INTERVAL, Duration.ofSeconds(3)),
                environment.map(Variable.CONFIG_GRPC_XDS_CLIENT_ADDITIONAL_HEADERS),
                environment.flag(Variable.CONFIG_GRPC_XDS_SERVER_USE_TLS, false) ? tls(environment) : null,
                new Backoff(
                        environment.duration(Variable.XDS_CLIENT_BACKOFF_INITIAL_INTERVAL, Duration.ofSeconds(10)),
                        environment.duration(Variable.XDS_CLIENT_BACKOFF_MAX_INTERVAL, Duration.ofSeconds(60)),
                        environment.share(Variable.XDS_CLIENT_BACKOFF_RANDOM_FACTOR, 0.5),
                        environment.flag(Variable.XDS_CLIENT_BACKOFF_JITTER, true)),
                environment.number(Variable.XDS_CLIENT_MAX_MSG_SIZE_IN_BYTES, 0, 0, Integer.MAX_VALUE));
    }

    private static Tls tls(Environment environment) {
        Path certificate = environment.file(Variable.CONFIG_GRPC_XDS_CLIENT_TLS_CERT);
        Path key = environment.file(Variable.CONFIG_GRPC_XDS_CLIENT_TLS_KEY);
        environment.together(
                Variable.CONFIG_GRPC_XDS_CLIENT_TLS_CERT, certificate, Variable.CONFIG_GRPC_XDS_CLIENT_TLS_KEY, key);
        return new Tls(
                certificate,
                key,
                environment.file(Variable.CONFIG_GRPC_XDS_SERVER_TLS_CACERT),
                environment.text(Variable.CONFIG_GRPC_XDS_SERVER_TLS_SAN, ""));
    }
}
