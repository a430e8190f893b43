package dev.weir.cli;

import dev.weir.envoy.listen.Connections;
import dev.weir.envoy.listen.ServerTls;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Reads what a client of the gRPC listener may do, for all commands that serve. */
final class BoundOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--grpc-max-streams",
            paramLabel = "N",
            defaultValue = "${env:WEIR_GRPC_MAX_STREAMS:-65536}",
            description =
                    "How many calls one connection may have under way; not fewer than Envoy's circuit breaker lets through."
                            + " Default: 65536. Variable: WEIR_GRPC_MAX_STREAMS.")
    private int streams;

    @Option(
            names = "--grpc-max-resets",
            paramLabel = "N",
            defaultValue = "${env:WEIR_GRPC_MAX_RESETS:-20000}",
            description =
                    "How many calls one connection may give up a second before it is cut off. Envoy gives one up for"
                            + " each client that leaves and each that it waits for too long. Default: 20000."
                            + " Variable: WEIR_GRPC_MAX_RESETS.")
    private int resets;

    @Option(
            names = "--grpc-max-idle",
            paramLabel = "SECONDS",
            defaultValue = "${env:WEIR_GRPC_MAX_IDLE:-300}",
            description = "After which a connection without a call is closed; 0 never closes it. Default: 300."
                    + " Variable: WEIR_GRPC_MAX_IDLE.")
    private int idleSeconds;

    @Option(
            names = "--reflection",
            // Without these picocli takes the option for the opposite of a variable that says true.
            arity = "0..1",
            fallbackValue = "true",
            hideParamSyntax = true,
            defaultValue = "${env:WEIR_REFLECTION:-false}",
            description = "Tells anybody on the gRPC port which services there are, for tools such as grpcurl."
                    + " Variable: WEIR_REFLECTION.")
    private boolean reflection;

    /** Adds how long connections last and how they are encrypted. */
    Connections connections(@Nullable Duration age, Duration grace, @Nullable ServerTls tls) {
        if (streams < 1 || resets < 1 || idleSeconds < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--grpc-max-streams and --grpc-max-resets must be at least 1, --grpc-max-idle at least 0");
        }
        return new Connections(
                new Connections.Bounds(streams, resets, positive(idleSeconds), age, grace), tls, reflection);
    }

    /** Reads 0 as never, which is null. */
    static @Nullable Duration positive(int seconds) {
        return seconds == 0 ? null : Duration.ofSeconds(seconds);
    }
}
