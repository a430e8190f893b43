package dev.weir.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code weir ratelimit} as a process of its own, which knows nothing but its variables. */
public final class RatelimitProcess implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final int httpPort = RealRedis.freePort();
    private final int grpcPort = RealRedis.freePort();
    private final int debugPort = RealRedis.freePort();
    private final ChildProcess process;

    private RatelimitProcess(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(variables);
        List.of("HOST", "GRPC_HOST", "DEBUG_HOST").forEach(host -> all.putIfAbsent(host, "127.0.0.1"));
        all.putIfAbsent("PORT", Integer.toString(httpPort));
        all.putIfAbsent("GRPC_PORT", Integer.toString(grpcPort));
        all.putIfAbsent("DEBUG_PORT", Integer.toString(debugPort));
        process = new ChildProcess(command(), all, "ready: ");
    }

    private static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.weir.Weir",
                "ratelimit",
                "--drain",
                "0");
    }

    /** Returns when it is ready. */
    public static RatelimitProcess start(Map<String, String> variables) {
        RatelimitProcess started = begin(variables);
        started.process.awaitReady();
        return started;
    }

    /** Does not wait. */
    public static RatelimitProcess begin(Map<String, String> variables) {
        return new RatelimitProcess(variables);
    }

    public int grpcPort() {
        return grpcPort;
    }

    public HttpResponse<String> get(String path) throws Exception {
        return http.send(at(httpPort, path).build(), HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> debug(String path) throws Exception {
        return http.send(at(debugPort, path).build(), HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> json(String body) throws Exception {
        HttpRequest request = at(httpPort, "/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder at(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    /** What it has written last, to stdout and stderr. */
    public List<String> lines() {
        return process.lines();
    }

    /** Waits for its end. */
    public int awaitStatus() {
        return process.awaitEnd();
    }

    @Override
    public void close() {
        process.close();
    }
}
