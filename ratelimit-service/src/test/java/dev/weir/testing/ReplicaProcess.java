package dev.weir.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A replica of the service as a process of its own, which can be killed. */
public final class ReplicaProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("gRPC on port (\\d+)");

    private final ChildProcess process;
    private final int grpcPort;

    private ReplicaProcess(ChildProcess process) {
        this.process = process;
        String line = process.awaitReady();
        Matcher ready = READY.matcher(line);
        if (!ready.find()) {
            process.close();
            throw new IllegalStateException(line);
        }
        grpcPort = Integer.parseInt(ready.group(1));
    }

    public static ReplicaProcess start(Path policy, Path keys, String redis) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // It does not live long enough for the second compiler.
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.weir.Weir",
                "serve",
                "--policy",
                policy.toString(),
                "--keys",
                keys.toString(),
                "--redis",
                redis,
                // As patient as a TestService: the machine may be busy, and the first calls are slow.
                "--redis-timeout",
                "5000",
                "--grpc",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0");
        return new ReplicaProcess(new ChildProcess(command, "ready: "));
    }

    public int grpcPort() {
        return grpcPort;
    }

    /** SIGKILL: it finishes nothing and tells nobody. */
    public void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
