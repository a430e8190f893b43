package dev.weir.cli;

import dev.weir.bucket.StoreAddressException;
import dev.weir.bucket.StoreUnreachableException;
import dev.weir.config.ConfigException;
import dev.weir.dropin.settings.ReferenceEnvironment;
import dev.weir.refusal.sink.RefusalTarget;
import dev.weir.refusal.sink.Rotation;
import dev.weir.server.Server;
import dev.weir.server.ServerOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir ratelimit}. */
@Command(
        name = "ratelimit",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs in the place of envoyproxy/ratelimit: all settings come from its environment variables.",
        footer = {
            "",
            "Refusals go to stdout as lines of JSON, everything else to stderr.",
            "SIGTERM drains and ends it. Exit status: 1 could not start, 2 a variable or a file that cannot be used.",
            "",
            "Example: RUNTIME_ROOT=/data RUNTIME_SUBDIRECTORY=ratelimit REDIS_SOCKET_TYPE=tcp REDIS_URL=redis:6379 weir"
                    + " ratelimit"
        })
public final class RatelimitCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RatelimitCommand.class);
    private static final Duration RELOAD = Duration.ofSeconds(1);
    private static final Rotation ROTATION = Rotation.of(90, 100L << 20);

    @Option(
            names = "--refusals",
            paramLabel = "WHERE",
            converter = RefusalAddress.class,
            defaultValue = "${env:WEIR_REFUSALS:-stdout}",
            description = "stdout, file:PATH or syslog:HOST:PORT (UDP). Default: stdout. Variable: WEIR_REFUSALS.")
    private RefusalTarget refusals = new RefusalTarget.Stdout();

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "${env:WEIR_DRAIN:-2}",
            description = "How long to go on answering after SIGTERM while health checks fail. Default: 2."
                    + " Variable: WEIR_DRAIN.")
    private int drainSeconds;

    @Mixin
    private BoundOptions bounds = new BoundOptions();

    @Override
    public Integer call() {
        if (drainSeconds < 0) {
            System.err.println("weir: --drain must be at least 0");
            return 2;
        }
        Server service;
        try {
            ReferenceEnvironment environment = ReferenceEnvironment.read(System.getenv());
            LogSetting.apply(environment.log());
            environment.notes().forEach(LOG::warn);
            service = start(environment);
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
            return 2;
        } catch (StoreAddressException e) {
            System.err.println("weir: " + e.getMessage());
            return 2;
        } catch (StoreUnreachableException | IOException e) {
            System.err.println("weir: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> service.stop(Duration.ofSeconds(drainSeconds)), "drain"));
        service.awaitStop();
        return 0;
    }

    /** Keeps trying while Redis cannot be reached, as the reference does. */
    private Server start(ReferenceEnvironment environment) throws ConfigException, IOException, InterruptedException {
        for (int failures = 0; ; failures++) {
            try {
                return Server.start(options(environment), new FileOutputStream(FileDescriptor.out));
            } catch (StoreUnreachableException e) {
                Duration pause = environment.startup().pause(failures);
                if (pause == null) {
                    throw e;
                }
                LOG.warn("{}; trying again in {} ms", e.getMessage(), pause.toMillis());
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            }
        }
    }

    private ServerOptions options(ReferenceEnvironment environment) {
        return new ServerOptions(
                environment.policy().source(),
                null,
                environment.store(),
                environment.grpc(),
                environment.http(),
                refusals,
                ROTATION,
                RELOAD,
                ServerOptions.Open.NOTHING,
                environment.connections().with(bounds.connections(null, Duration.ZERO, null)),
                environment.standIn());
    }
}
