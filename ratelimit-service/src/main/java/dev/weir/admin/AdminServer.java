package dev.weir.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /healthz} (the process lives), {@code /readyz} (send it requests), {@code /metrics} for Prometheus and {@code /explain} for
 * people.
 */
public final class AdminServer {
    static final String JSON = "application/json";
    private static final String TEXT = "text/plain";
    /** Who asks the store for explanations may wait for it; probes must not wait for them. */
    private static final int THREADS = 8;

    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** What is answered. */
    record Page(int status, String type, String text) {}

    static {
        // Seconds for a request to arrive and for its answer to leave: without them two half-sent requests block the
        // probes.
        System.setProperty("sun.net.httpserver.maxReqTime", "5");
        System.setProperty("sun.net.httpserver.maxRspTime", "5");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "admin");
        thread.setDaemon(true);
        return thread;
    });

    public AdminServer(
            InetSocketAddress address, BooleanSupplier ready, Supplier<String> metrics, ExplainPage explanations)
            throws IOException {
        server = HttpServer.create(address, 0);
        server.setExecutor(threads);
        serve("/healthz", query -> new Page(200, TEXT, "ok\n"));
        serve(
                "/readyz",
                query -> ready.getAsBoolean() ? new Page(200, TEXT, "ready\n") : new Page(503, TEXT, "not ready\n"));
        serve("/metrics", query -> new Page(200, METRICS_TYPE, metrics.get()));
        serve("/explain", explanations::page);
        server.start();
    }

    /** @param page makes the answer from the query, which may be null */
    private void serve(String path, Function<@Nullable String, Page> page) {
        server.createContext(path, exchange -> {
            boolean known = exchange.getRequestURI().getPath().equals(path);
            answer(
                    exchange,
                    known ? page.apply(exchange.getRequestURI().getRawQuery()) : new Page(404, TEXT, "no such page\n"));
        });
    }

    private static void answer(HttpExchange exchange, Page page) throws IOException {
        try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            byte[] body = page.text().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", page.type());
            exchange.sendResponseHeaders(page.status(), head ? -1 : body.length);
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
