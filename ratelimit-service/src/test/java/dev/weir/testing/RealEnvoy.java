package dev.weir.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The real Envoy with the configuration that is shipped, on free ports. */
public final class RealEnvoy implements AutoCloseable {
    static final Path FOLDER = Path.of("..", "envoy").toAbsolutePath().normalize();

    private final ChildProcess process;
    private final int port;

    private RealEnvoy(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
        process.awaitReady();
    }

    /** The shipped configuration. */
    public static String shippedConfig() throws IOException {
        return Files.readString(FOLDER.resolve("envoy.yaml"));
    }

    /** Replaces a part of a configuration that must be there. */
    public static String replaced(String config, String part, String by) {
        if (!config.contains(part)) {
            throw new IllegalArgumentException("the configuration has no `" + part + "`");
        }
        return config.replace(part, by);
    }

    /** A replica of the service on a port of the loopback, as the configuration writes it. */
    public static String port(int port) {
        return "socket_address: {address: 127.0.0.1, port_value: " + port + "}";
    }

    /** A replica of the service on a Unix socket, as the configuration writes it. */
    public static String pipe(Path socket) {
        return "pipe: {path: " + socket + "}";
    }

    /**
     * Starts an Envoy, or skips the test where none can be had, saying why.
     *
     * @param config the shipped configuration or one like it, with the shipped ports
     * @param replicas where the replicas of the service are
     */
    public static RealEnvoy start(Path folder, String config, int providerPort, String... replicas) throws Exception {
        String binary = binaryOrSkip();
        int port = RealRedis.freePort();
        String shipped = "- endpoint:\n            address:\n              " + port(8081);
        String wanted = Stream.of(replicas)
                .map(replica -> shipped.replace(port(8081), replica))
                .collect(Collectors.joining("\n        "));
        String rendered = replaced(config, shipped, wanted);
        rendered = replaced(rendered, port(10000), port(port));
        rendered = replaced(rendered, port(9901), port(RealRedis.freePort()));
        rendered = replaced(rendered, port(9000), port(providerPort));
        Path file = Files.writeString(folder.resolve("envoy-" + port + ".yaml"), rendered);
        List<String> command = List.of(
                binary, "-c", file.toString(), "--disable-hot-restart", "--concurrency", "2", "--log-level", "info");
        return new RealEnvoy(new ChildProcess(command, "starting workers"), port);
    }

    private static String binaryOrSkip() throws Exception {
        Process find = new ProcessBuilder("python3", FOLDER.resolve("find").toString()).start();
        String path = new String(find.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        String reason = new String(find.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        boolean found = find.waitFor(1, TimeUnit.MINUTES) && find.exitValue() == 0;
        Assumptions.assumeTrue(found, "skipped: " + reason);
        return path;
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.close();
    }
}
