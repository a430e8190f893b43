package dev.weir.dropin.settings;

import dev.weir.config.ConfigException;
import dev.weir.dropin.DropIn;
import dev.weir.dropin.PolicyPlace;
import dev.weir.dropin.RuntimeDirectory;
import dev.weir.envoy.listen.Connections;
import dev.weir.envoy.listen.ServerTls;
import dev.weir.policy.DescriptorSettings;
import dev.weir.retry.RetrySchedule;
import dev.weir.server.ServerOptions;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the variables of envoyproxy/ratelimit say, with its defaults.
 *
 * @param startup how long to go on trying to reach Redis at the start
 * @param notes one line for each variable that is set and has no meaning here, and for what else may surprise
 */
public record ReferenceEnvironment(
        PolicyPlace policy,
        ServerOptions.Store store,
        SocketAddress grpc,
        Grpc connections,
        InetSocketAddress http,
        DropIn standIn,
        Startup startup,
        LogStyle log,
        List<String> notes) {
    /**
     * Says how connections to the gRPC listener last and are encrypted.
     *
     * @param age null never ends one
     * @param tls null speaks in the clear
     */
    public record Grpc(
            @Nullable Duration age,
            Duration grace,
            @Nullable ServerTls tls) {
        /** Returns these with Weir's own bounds beside them. */
        public Connections with(Connections own) {
            Connections.Bounds bounds = own.bounds();
            return new Connections(
                    new Connections.Bounds(bounds.streams(), bounds.resets(), bounds.idle(), age, grace),
                    tls,
                    own.reflection());
        }
    }

    /** @param longest for how long all pauses may last together; zero tries on for ever */
    public record Startup(RetrySchedule pauses, Duration longest) {
        private static final Duration SHORTEST = Duration.ofMillis(10);

        static Startup of(Duration first, Duration most, Duration longest) {
            return new Startup(new RetrySchedule(atLeastShortest(first), atLeastShortest(most)), longest);
        }

        private static Duration atLeastShortest(Duration pause) {
            return pause.compareTo(SHORTEST) < 0 ? SHORTEST : pause;
        }

        /**
         * Returns the pause before the next try, or null where there is to be none.
         *
         * @param failures how many tries have failed before the last one, from 0 on
         */
        public @Nullable Duration pause(int failures) {
            if (!longest.isZero()) {
                Duration waited = Duration.ZERO;
                for (int i = 0; i < failures; i++) {
                    waited = waited.plus(pauses.pause(i));
                }
                if (waited.compareTo(longest) >= 0) {
                    return null;
                }
            }
            return pauses.pause(failures);
        }
    }

    /**
     * @param level a level of the reference's; null where none is said
     * @param json writes lines of JSON
     */
    public record LogStyle(@Nullable String level, boolean json) {}

    /** @throws ConfigException with all that is wrong, by the names of the variables */
    public static ReferenceEnvironment read(Map<String, String> variables) throws ConfigException {
        Environment environment = new Environment(variables);
        if (environment.word(Variable.BACKEND_TYPE, "redis", "memcache", "").equals("memcache")) {
            environment.problem(
                    Variable.BACKEND_TYPE,
                    "is memcache, which Weir does not speak; write redis and name a Redis with REDIS_URL");
        }
        ReferenceEnvironment read = new ReferenceEnvironment(
                policy(environment),
                RedisPlace.read(environment),
                grpc(environment),
                connections(environment),
                environment.address(Variable.HOST, Variable.PORT, 8080),
                standIn(environment),
                Startup.of(
                        environment.duration(Variable.REDIS_STARTUP_INITIAL_INTERVAL, Duration.ofSeconds(1)),
                        environment.duration(Variable.REDIS_STARTUP_MAX_INTERVAL, Duration.ofSeconds(30)),
                        environment.duration(Variable.REDIS_STARTUP_MAX_ELAPSED_TIME, Duration.ZERO)),
                log(environment),
                Notes.of(environment));
        environment.throwIfProblems();
        return read;
    }

    private static PolicyPlace policy(Environment environment) {
        if (environment.word(Variable.CONFIG_TYPE, "FILE", "GRPC_XDS_SOTW").equals("GRPC_XDS_SOTW")) {
            return new PolicyPlace.Server(XdsVariables.read(environment), settings(environment));
        }
        return new PolicyPlace.RuntimeFiles(runtime(environment), settings(environment));
    }

    private static RuntimeDirectory runtime(Environment environment) {
        Path root = environment.path(Variable.RUNTIME_ROOT, "/srv/runtime_data/current");
        String below = inside(environment.path(Variable.RUNTIME_SUBDIRECTORY, ""));
        String app = inside(environment.path(Variable.RUNTIME_APPDIRECTORY, "config"));
        boolean ignoresDotFiles = environment.flag(Variable.RUNTIME_IGNOREDOTFILES, false);
        if (!environment.flag(Variable.RUNTIME_WATCH_ROOT, true)) {
            return new RuntimeDirectory(root.resolve(below), app, "", ignoresDotFiles);
        }
        if (environment.text(Variable.RUNTIME_SUBDIRECTORY, "").isEmpty()) {
            environment.problem(
                    Variable.RUNTIME_SUBDIRECTORY,
                    "is not set, and without it envoyproxy/ratelimit would load no limit; write the name of the folder"
                            + " in RUNTIME_ROOT that holds `" + app + "`");
        }
        return new RuntimeDirectory(root, below, app + ".", ignoresDotFiles);
    }

    /** Drops the slashes at its beginning: it is inside the folder above, as in the reference. */
    private static String inside(Path path) {
        return path.toString().replaceFirst("^/+", "");
    }

    private static DescriptorSettings settings(Environment environment) {
        DescriptorSettings.Headers headers = new DescriptorSettings.Headers(
                environment.text(Variable.LIMIT_LIMIT_HEADER, "RateLimit-Limit"),
                environment.text(Variable.LIMIT_REMAINING_HEADER, "RateLimit-Remaining"),
                environment.text(Variable.LIMIT_RESET_HEADER, "RateLimit-Reset"));
        return new DescriptorSettings(
                environment.flag(Variable.MERGE_DOMAIN_CONFIG, false),
                environment.flag(Variable.STOP_CACHE_KEY_INCREMENT_WHEN_OVERLIMIT, false),
                environment.flag(Variable.SHADOW_MODE, false),
                environment.flag(Variable.QUOTA_MODE, false),
                environment.flag(Variable.LIMIT_RESPONSE_HEADERS_ENABLED, false) ? headers : null,
                environment.flag(Variable.RESPONSE_DYNAMIC_METADATA, false),
                (float) environment.share(Variable.NEAR_LIMIT_RATIO, 0.8));
    }

    private static SocketAddress grpc(Environment environment) {
        return environment.text(Variable.GRPC_UDS, "").isEmpty()
                ? environment.address(Variable.GRPC_HOST, Variable.GRPC_PORT, 8081)
                : UnixDomainSocketAddress.of(environment.path(Variable.GRPC_UDS, ""));
    }

    private static Grpc connections(Environment environment) {
        return new Grpc(
                positive(environment, Variable.GRPC_MAX_CONNECTION_AGE, Duration.ofHours(24)),
                environment.duration(Variable.GRPC_MAX_CONNECTION_AGE_GRACE, Duration.ofHours(1)),
                environment.flag(Variable.GRPC_SERVER_USE_TLS, false) ? tls(environment) : null);
    }

    private static DropIn standIn(Environment environment) {
        return new DropIn(
                environment.address(Variable.DEBUG_HOST, Variable.DEBUG_PORT, 6070),
                environment.flag(Variable.USE_PROMETHEUS, false) ? scrape(environment) : null,
                environment.flag(Variable.FORCE_START_WITHOUT_INITIAL_CONFIG, false),
                environment.flag(Variable.HEALTHY_WITH_AT_LEAST_ONE_CONFIG_LOADED, false));
    }

    /** Reads a duration; null where it is 0, which sets no limit, as in the reference. */
    private static @Nullable Duration positive(Environment environment, Variable variable, Duration otherwise) {
        Duration read = environment.duration(variable, otherwise);
        return read.isZero() ? null : read;
    }

    private static @Nullable ServerTls tls(Environment environment) {
        Path certificate = environment.file(Variable.GRPC_SERVER_TLS_CERT);
        Path key = environment.file(Variable.GRPC_SERVER_TLS_KEY);
        Path clients = environment.file(Variable.GRPC_CLIENT_TLS_CACERT);
        String name = environment.text(Variable.GRPC_CLIENT_TLS_SAN, "");
        if (certificate == null || key == null) {
            environment.problem(
                    Variable.GRPC_SERVER_USE_TLS,
                    "is true, which needs GRPC_SERVER_TLS_CERT and GRPC_SERVER_TLS_KEY; set both to files in PEM");
            return null;
        }
        if (!name.isEmpty() && clients == null) {
            environment.problem(
                    Variable.GRPC_CLIENT_TLS_SAN,
                    "is set, and without GRPC_CLIENT_TLS_CACERT no client is asked for a certificate; set that too");
        }
        return new ServerTls(certificate, key, clients, name);
    }

    private static DropIn.Scrape scrape(Environment environment) {
        String text = environment.text(Variable.PROMETHEUS_ADDR, ":9090");
        String path = environment.text(Variable.PROMETHEUS_PATH, "/metrics");
        int colon = text.lastIndexOf(':');
        if (!path.startsWith("/")) {
            environment.problem(Variable.PROMETHEUS_PATH, "is `" + path + "`; write a path such as /metrics");
        }
        if (colon < 0
                || !text.substring(colon + 1)
                        .matches("[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]")) {
            environment.problem(Variable.PROMETHEUS_ADDR, "is `" + text + "`; write HOST:PORT or :PORT");
            return new DropIn.Scrape(new InetSocketAddress(0), path);
        }
        String host = text.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
        int port = Integer.parseInt(text.substring(colon + 1));
        return new DropIn.Scrape(environment.address(Variable.PROMETHEUS_ADDR, host, port), path);
    }

    private static LogStyle log(Environment environment) {
        boolean json = environment.text(Variable.LOG_FORMAT, "text").equalsIgnoreCase("json");
        String level = environment.isSet(Variable.LOG_LEVEL)
                ? environment.word(
                        Variable.LOG_LEVEL, "warn", "warning", "trace", "debug", "info", "error", "fatal", "panic")
                : null;
        return new LogStyle(level, json);
    }
}
