package dev.weir.cli;

import dev.weir.server.RedisFiles;
import dev.weir.server.ServerOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The options that say where the buckets are. */
final class RedisOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Option(
            names = "--redis",
            paramLabel = "URL",
            defaultValue = "${env:REDIS_URL}",
            description = "Where the buckets are, as redis://HOST:PORT. Without it they are in memory, which serves a"
                    + " single replica. Variable: REDIS_URL.")
    private @Nullable String redis;

    @Option(
            names = "--redis-url-file",
            paramLabel = "FILE",
            defaultValue = "${env:WEIR_REDIS_URL_FILE}",
            description = "Holds the URL, in place of --redis, and is read again when it changes. Variable:"
                    + " WEIR_REDIS_URL_FILE.")
    private @Nullable Path urlFile;

    @Option(
            names = "--redis-user-file",
            paramLabel = "FILE",
            defaultValue = "${env:WEIR_REDIS_USER_FILE}",
            description = "Holds Redis's user, in place of the URL's, and is read again when it changes. Variable:"
                    + " WEIR_REDIS_USER_FILE.")
    private @Nullable Path userFile;

    @Option(
            names = "--redis-password-file",
            paramLabel = "FILE",
            defaultValue = "${env:WEIR_REDIS_PASSWORD_FILE}",
            description = "Holds the password, in place of the URL's, and is read again when it changes. Variable:"
                    + " WEIR_REDIS_PASSWORD_FILE.")
    private @Nullable Path passwordFile;

    @Option(
            names = "--redis-ca",
            paramLabel = "FILE",
            defaultValue = "${env:WEIR_REDIS_CA}",
            description = "Who may have signed the certificate of a rediss:// server, in PEM. Without it, whom the JVM"
                    + " trusts. Variable: WEIR_REDIS_CA.")
    private @Nullable Path ca;

    @Option(
            names = "--redis-timeout",
            paramLabel = "MILLIS",
            defaultValue = "${env:WEIR_REDIS_TIMEOUT:-200}",
            description = "How long a call to Redis may take; shorter than Envoy's time-out. Default: 200."
                    + " Variable: WEIR_REDIS_TIMEOUT.")
    private int timeoutMillis;

    @Option(
            names = "--redis-wait",
            paramLabel = "SECONDS",
            defaultValue = "${env:WEIR_REDIS_WAIT:-0}",
            description = "How long to wait for Redis at the start. Default: 0, which tries once."
                    + " Variable: WEIR_REDIS_WAIT.")
    private int waitSeconds;

    int timeoutMillis() {
        return timeoutMillis;
    }

    /** @throws ParameterException if they contradict each other */
    ServerOptions.Store store() {
        if (waitSeconds < 0) {
            throw wrong("--redis-wait must be at least 0");
        }
        if (urlFile != null && given().hasMatchedOption("--redis")) {
            throw wrong("--redis and --redis-url-file both say where Redis is; leave one out");
        }
        return new ServerOptions.Store(
                urlFile == null ? redis : null,
                ca,
                null,
                Duration.ofMillis(timeoutMillis),
                "",
                new RedisFiles(urlFile, userFile, passwordFile),
                Duration.ofSeconds(waitSeconds));
    }

    /** Returns whether a policy may say where Redis is: REDIS_URL alone does not settle it. */
    boolean leaveItToThePolicy() {
        return urlFile == null && !given().hasMatchedOption("--redis");
    }

    private ParseResult given() {
        return command.commandLine().getParseResult();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), "weir: " + message);
    }
}
