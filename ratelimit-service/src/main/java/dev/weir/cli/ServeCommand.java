package dev.weir.cli;

import dev.weir.bucket.StoreAddressException;
import dev.weir.bucket.StoreUnreachableException;
import dev.weir.config.ConfigException;
import dev.weir.refusal.sink.RefusalTarget;
import dev.weir.refusal.sink.Rotation;
import dev.weir.server.Server;
import dev.weir.server.ServerOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code weir serve}. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Answers Envoy's rate limit and external authorization calls.",
        footer = {
            "",
            "Refusals go to stdout as lines of JSON, everything else to stderr.",
            "SIGTERM drains and ends it. Exit status: 1 could not start, 2 wrong use or a file that cannot be used.",
            "",
            "Example: java -jar weir.jar serve --policy policy.yaml --keys keys.yaml"
        })
public final class ServeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--policy",
            required = true,
            paramLabel = "FILE_OR_FOLDER",
            defaultValue = "${env:WEIR_POLICY}",
            description = "What is limited. Variable: WEIR_POLICY.")
    private Path policy = Path.of("");

    @Option(
            names = "--keys",
            paramLabel = "FILE",
            defaultValue = "${env:WEIR_KEYS}",
            description = "The API keys. Without it external authorization is not served. Variable: WEIR_KEYS.")
    private @Nullable Path keys;

    @Mixin
    private RedisOptions redis = new RedisOptions();

    @Option(
            names = "--grpc",
            paramLabel = "ADDRESS",
            converter = GrpcAddress.class,
            defaultValue = "${env:WEIR_GRPC:-:8081}",
            description = "Where Envoy calls: HOST:PORT, or unix:PATH for an Envoy on the same machine. Default: all"
                    + " addresses, port 8081. Variable: WEIR_GRPC.")
    private SocketAddress grpc = new InetSocketAddress(8081);

    @Mixin
    private GrpcOptions connections = new GrpcOptions();

    @Mixin
    private BoundOptions bounds = new BoundOptions();

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            converter = HostAndPort.class,
            defaultValue = "${env:WEIR_ADMIN:-:8080}",
            description = "/healthz, /readyz and /metrics. Default: all addresses, port 8080. Variable: WEIR_ADMIN.")
    private InetSocketAddress admin = new InetSocketAddress(8080);

    @Option(
            names = "--refusals",
            paramLabel = "WHERE",
            converter = RefusalAddress.class,
            defaultValue = "${env:WEIR_REFUSALS:-stdout}",
            description = "stdout, file:PATH or syslog:HOST:PORT (UDP). Default: stdout. Variable: WEIR_REFUSALS.")
    private RefusalTarget refusals = new RefusalTarget.Stdout();

    @Option(
            names = "--refusals-keep",
            paramLabel = "DAYS",
            converter = Days.class,
            defaultValue = "${env:WEIR_REFUSALS_KEEP:-90d}",
            description = "With file: how long old files are kept. Default: 90d. Variable: WEIR_REFUSALS_KEEP.")
    private int refusalsKeepDays;

    @Option(
            names = "--refusals-size",
            paramLabel = "BYTES",
            converter = ByteSize.class,
            defaultValue = "${env:WEIR_REFUSALS_SIZE:-100M}",
            description = "With file: a new one is begun at this size, and each day. Default: 100M."
                    + " Variable: WEIR_REFUSALS_SIZE.")
    private long refusalsSize;

    @Option(
            names = "--reload",
            paramLabel = "SECONDS",
            defaultValue = "${env:WEIR_RELOAD:-1}",
            description = "How often the policy and the keys are looked at for changes; 0 reads them once. Default: 1."
                    + " Variable: WEIR_RELOAD.")
    private int reloadSeconds;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "${env:WEIR_DRAIN:-2}",
            description = "How long to go on answering after SIGTERM while health checks fail. Default: 2."
                    + " Variable: WEIR_DRAIN.")
    private int drainSeconds;

    @Override
    public Integer call() {
        if (redis.timeoutMillis() < 1 || drainSeconds < 0 || reloadSeconds < 0) {
            System.err.println("weir: --redis-timeout must be at least 1, --drain and --reload at least 0");
            return 2;
        }
        Server service;
        try {
            service = Server.start(
                    new ServerOptions(
                                    policy,
                                    keys,
                                    redis.store(),
                                    grpc,
                                    admin,
                                    refusals,
                                    Rotation.of(refusalsKeepDays, refusalsSize),
                                    Duration.ofSeconds(reloadSeconds),
                                    open())
                            .with(connections.connections(bounds)),
                    new FileOutputStream(FileDescriptor.out));
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
            return 2;
        } catch (StoreAddressException e) {
            System.err.println("weir: " + e.getMessage());
            return 2;
        } catch (StoreUnreachableException | IOException e) {
            System.err.println("weir: " + e.getMessage());
            return 1;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> service.stop(Duration.ofSeconds(drainSeconds)), "drain"));
        service.awaitStop();
        return 0;
    }

    private ServerOptions.Open open() {
        ParseResult given = spec.commandLine().getParseResult();
        Map<String, String> environment = System.getenv();
        return new ServerOptions.Open(
                redis.leaveItToThePolicy(),
                !given.hasMatchedOption("--refusals-keep") && !environment.containsKey("WEIR_REFUSALS_KEEP"),
                environment);
    }
}
