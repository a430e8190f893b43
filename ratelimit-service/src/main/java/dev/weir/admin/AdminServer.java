package dev.weir.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** {@code /healthz} (the process lives), {@code /readyz} (send it requests) and {@code /metrics} for Prometheus. */
public final class AdminServer {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    static {
        // Seconds for a request to arrive and for its answer to leave: without them two half-sent requests block the
        // probes.
        System.setProperty("sun.net.httpserver.maxReqTime", "5");
        System.setProperty("sun.net.httpserver.maxRspTime", "5");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "admin");
        thread.setDaemon(true);
        return thread;
    });

    public AdminServer(InetSocketAddress address, BooleanSupplier ready, Supplier<String> metrics) throws IOException {
        server = HttpServer.create(address, 0);
        server.setExecutor(threads);
        server.createContext("/healthz", exchange -> answer(exchange, "/healthz", 200, "text/plain", "ok\n"));
        server.createContext("/readyz", exchange -> {
            boolean isReady = ready.getAsBoolean();
            answer(exchange, "/readyz", isReady ? 200 : 503, "text/plain", isReady ? "ready\n" : "not ready\n");
        });
        server.createContext("/metrics", exchange -> answer(exchange, "/metrics", 200, METRICS_TYPE, metrics.get()));
        server.start();
    }

    private static void answer(HttpExchange exchange, String path, int status, String type, String text)
            throws IOException {
        try (exchange) {
            boolean known = exchange.getRequestURI().getPath().equals(path);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            byte[] body = (known ? text : "no such page\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", known ? type : "text/plain");
            exchange.sendResponseHeaders(known ? status : 404, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public void stop() {
        server.stop(0);
        threads.shutdownNow();
    }
}
