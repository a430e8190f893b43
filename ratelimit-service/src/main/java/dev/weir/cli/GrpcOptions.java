package dev.weir.cli;

import dev.weir.envoy.listen.Connections;
import dev.weir.envoy.listen.ServerTls;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Reads how the gRPC listener of {@code weir serve} encrypts, and what its clients may do. */
final class GrpcOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--grpc-cert",
            paramLabel = "FILE",
            defaultValue = "${env:WEIR_GRPC_CERT}",
            description =
                    "The certificate that Envoy is shown, with its chain, in PEM. Without it gRPC is in the clear."
                            + " Read again when it changes. Variable: WEIR_GRPC_CERT.")
    private @Nullable Path certificate;

    @Option(
            names = "--grpc-key",
            paramLabel = "FILE",
            defaultValue = "${env:WEIR_GRPC_KEY}",
            description = "Its key, in PEM. Variable: WEIR_GRPC_KEY.")
    private @Nullable Path key;

    @Option(
            names = "--grpc-client-ca",
            paramLabel = "FILE",
            defaultValue = "${env:WEIR_GRPC_CLIENT_CA}",
            description = "Who must have signed the certificate of whoever calls, in PEM. Without it callers need none."
                    + " Variable: WEIR_GRPC_CLIENT_CA.")
    private @Nullable Path clientAuthorities;

    @Option(
            names = "--grpc-max-age",
            paramLabel = "SECONDS",
            defaultValue = "${env:WEIR_GRPC_MAX_AGE:-0}",
            description = "After which Envoy is asked to connect anew, give or take a tenth; 0 never asks. Default: 0."
                    + " Variable: WEIR_GRPC_MAX_AGE.")
    private int ageSeconds;

    @Option(
            names = "--grpc-age-grace",
            paramLabel = "SECONDS",
            defaultValue = "${env:WEIR_GRPC_AGE_GRACE:-60}",
            description = "How long it may finish its calls on the old connection. Default: 60."
                    + " Variable: WEIR_GRPC_AGE_GRACE.")
    private int graceSeconds;

    /** Adds the bounds. */
    Connections connections(BoundOptions bounds) {
        if (ageSeconds < 0 || graceSeconds < 0) {
            throw wrong("--grpc-max-age and --grpc-age-grace must be at least 0");
        }
        return bounds.connections(BoundOptions.positive(ageSeconds), Duration.ofSeconds(graceSeconds), tls());
    }

    private @Nullable ServerTls tls() {
        if (certificate != null && key != null) {
            return new ServerTls(certificate, key, clientAuthorities, "");
        }
        if (certificate != null || key != null) {
            throw wrong("--grpc-cert and --grpc-key belong together; name both files");
        }
        if (clientAuthorities != null) {
            throw wrong("--grpc-client-ca needs --grpc-cert and --grpc-key");
        }
        return null;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
