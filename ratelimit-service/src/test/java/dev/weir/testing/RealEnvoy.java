package dev.weir.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

    private static final String SHIPPED_ENDPOINT = "- endpoint:\n            address:\n              " + port(8081);

    private final ChildProcess process;
    private final int port;
    private final int adminPort;
    private final HttpClient http = HttpClient.newHttpClient();

    private RealEnvoy(ChildProcess process, int port, int adminPort) {
        this.process = process;
        this.port = port;
        this.adminPort = adminPort;
        process.awaitReady();
        // The workers are only starting when Envoy says so.
        Await.until("Envoy's listener", this::isListening);
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** The shipped configuration. */
    public static String shippedConfig() throws IOException {
        return Files.readString(FOLDER.resolve("envoy.yaml"));
    }

    /** The shipped configuration in which external authorization admits. */
    public static String shippedAdmittingConfig() throws IOException {
        return Files.readString(FOLDER.resolve("envoy-admit.yaml"));
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
     * A configuration whose settlements go to a cluster of their own, which is like the service's.
     *
     * @param replicas where the replicas of the service are that settle
     */
    public static String settlingAt(String config, String... replicas) {
        int from = config.indexOf("  - name: weir\n    type: STATIC");
        int to = config.indexOf("  - name: provider\n    type: STATIC");
        String cluster = config.substring(from, to);
        String settling =
                replaced(cluster, SHIPPED_ENDPOINT, endpoints(replicas)).replace("weir\n", "settling\n");
        String retry = "cluster_name: weir}\n                  retry_policy:";
        return replaced(config, cluster, cluster + settling).replace(retry, retry.replace("weir", "settling"));
    }

    /**
     * Starts an Envoy, or skips the test where none can be had, saying why.
     *
     * @param config the shipped configuration or one like it, with the shipped ports
     * @param replicas where the replicas of the service are
     */
    public static RealEnvoy start(Path folder, String config, int providerPort, String... replicas) throws Exception {
        return start(2, folder, config, providerPort, replicas);
    }

    /**
     * Starts an Envoy with one worker. It has one connection to a replica, on which calls and their cancellations arrive in the
     * order in which they were made.
     */
    public static RealEnvoy startOneWorker(Path folder, String config, int providerPort, String... replicas)
            throws Exception {
        return start(1, folder, config, providerPort, replicas);
    }

    private static RealEnvoy start(int workers, Path folder, String config, int providerPort, String... replicas)
            throws Exception {
        String binary = binaryOrSkip();
        int port = RealRedis.freePort();
        int adminPort = RealRedis.freePort();
        String rendered = replaced(config, SHIPPED_ENDPOINT, endpoints(replicas));
        rendered = replaced(rendered, port(10000), port(port));
        rendered = replaced(rendered, port(9901), port(adminPort));
        rendered = replaced(rendered, port(9000), port(providerPort));
        return run(binary, workers, folder, rendered, port, adminPort);
    }

    /**
     * Starts an Envoy with a configuration that is used as it stands, or skips the test where none can be had, saying why.
     *
     * @param port of its listener, on the loopback
     * @param adminPort of its admin listener, on the loopback
     */
    public static RealEnvoy startAsItStands(Path folder, String config, int port, int adminPort) throws Exception {
        return run(binaryOrSkip(), 2, folder, config, port, adminPort);
    }

    /** What {@code envoy --mode validate} says of a configuration; the test is skipped where no Envoy can be had. */
    public static String validate(Path folder, String config) throws Exception {
        Path file = Files.writeString(folder.resolve("validate.yaml"), config);
        Process envoy = new ProcessBuilder(binaryOrSkip(), "--mode", "validate", "-c", file.toString())
                .redirectErrorStream(true)
                .start();
        return new String(envoy.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static RealEnvoy run(String binary, int workers, Path folder, String config, int port, int adminPort)
            throws Exception {
        Path file = Files.writeString(folder.resolve("envoy-" + port + ".yaml"), config);
        List<String> command = List.of(
                binary,
                "-c",
                file.toString(),
                "--disable-hot-restart",
                "--concurrency",
                Integer.toString(workers),
                "--log-level",
                "info");
        return new RealEnvoy(new ChildProcess(command, "starting workers"), port, adminPort);
    }

    private static String endpoints(String... replicas) {
        return Stream.of(replicas)
                .map(replica -> SHIPPED_ENDPOINT.replace(port(8081), replica))
                .collect(Collectors.joining("\n        "));
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

    /** A counter or gauge of Envoy's own; 0 where it is not there. */
    public long stat(String name) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + adminPort + "/stats?filter=%5E" + name + "$");
        String line = http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body()
                .strip();
        return line.isEmpty() ? 0 : Long.parseLong(line.substring(line.indexOf(' ') + 1));
    }

    /** Waits until a counter has risen to {@code value}. */
    public void awaitStat(String name, long value) {
        Await.until(name + " of " + value, () -> stat(name) >= value);
    }

    /** Ends it at once, without a word to anybody. */
    public void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
