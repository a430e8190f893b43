package dev.weir.dropin.settings;

import dev.weir.xds.XdsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads how to reach a management server. */
final class XdsVariables {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private XdsVariables() {}

    static XdsSettings read(Environment environment) {
        XdsSettings otherwise = XdsSettings.DEFAULT;
        boolean jitter = environment.flag(Variable.XDS_CLIENT_BACKOFF_JITTER, true);
        double random = environment.share(
                Variable.XDS_CLIENT_BACKOFF_RANDOM_FACTOR, otherwise.retry().randomFactor());
        if (random >= 1) {
            environment.problem(
                    Variable.XDS_CLIENT_BACKOFF_RANDOM_FACTOR, "leaves nothing of a wait; write a number below 1");
            random = 0;
        }
        return new XdsSettings(
                environment.text(Variable.CONFIG_GRPC_XDS_SERVER_URL, otherwise.server()),
                environment.flag(Variable.CONFIG_GRPC_XDS_SERVER_USE_TLS, false) ? tls(environment) : null,
                environment.text(Variable.CONFIG_GRPC_XDS_NODE_ID, otherwise.node()),
                nodeMetadata(environment.text(Variable.CONFIG_GRPC_XDS_NODE_METADATA, "")),
                environment.map(Variable.CONFIG_GRPC_XDS_CLIENT_ADDITIONAL_HEADERS),
                XdsSettings.Retry.of(
                        wait(
                                environment,
                                Variable.CONFIG_GRPC_XDS_SERVER_CONNECT_RETRY_INTERVAL,
                                otherwise.retry().unreached().first()),
                        wait(
                                environment,
                                Variable.XDS_CLIENT_BACKOFF_INITIAL_INTERVAL,
                                otherwise.retry().ended().first()),
                        wait(
                                environment,
                                Variable.XDS_CLIENT_BACKOFF_MAX_INTERVAL,
                                otherwise.retry().ended().longest()),
                        jitter ? random : 0),
                environment.number(Variable.XDS_CLIENT_MAX_MSG_SIZE_IN_BYTES, 0, 0, Integer.MAX_VALUE),
                !environment.flag(Variable.FORCE_START_WITHOUT_INITIAL_CONFIG, false));
    }

    /** Reads {@code KEY=VALUE,KEY=VALUE}; leaves out what is no pair, as the reference does. */
    private static Map<String, String> nodeMetadata(String text) {
        Map<String, String> metadata = new HashMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals >= 0) {
                metadata.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return metadata;
    }

    private static Duration wait(Environment environment, Variable variable, Duration otherwise) {
        Duration wait = environment.duration(variable, otherwise);
        return wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait;
    }

    private static XdsSettings.Tls tls(Environment environment) {
        Path certificate = environment.file(Variable.CONFIG_GRPC_XDS_CLIENT_TLS_CERT);
        Path key = environment.file(Variable.CONFIG_GRPC_XDS_CLIENT_TLS_KEY);
        environment.together(
                Variable.CONFIG_GRPC_XDS_CLIENT_TLS_CERT, certificate, Variable.CONFIG_GRPC_XDS_CLIENT_TLS_KEY, key);
        return new XdsSettings.Tls(
                environment.file(Variable.CONFIG_GRPC_XDS_SERVER_TLS_CACERT),
                certificate,
                key,
                nameOrNull(environment.text(Variable.CONFIG_GRPC_XDS_SERVER_TLS_SAN, "")));
    }

    private static @Nullable String nameOrNull(String name) {
        return name.isEmpty() ? null : name;
    }
}
