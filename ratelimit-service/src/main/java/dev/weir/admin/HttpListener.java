package dev.weir.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Resources over HTTP/1.1, each at a path of its own. */
public final class HttpListener {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    /** Who asks the store for explanations may wait for it; probes must not wait for them. */
    private static final int THREADS = 8;

    private static final int LARGEST_BODY = 1 << 20;

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

    /** @param resources by their paths; one whose path ends with a slash also answers below it */
    public HttpListener(InetSocketAddress address, Map<String, Resource> resources) throws IOException {
        server = HttpServer.create(address, 0);
        server.setExecutor(threads);
        resources.forEach(this::serve);
        server.start();
    }

    private void serve(String path, Resource resource) {
        server.createContext(path, exchange -> {
            String asked = exchange.getRequestURI().getPath();
            if (!asked.equals(path) && !path.endsWith("/")) {
                answer(exchange, Page.text(404, "no such page\n"));
                return;
            }
            byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
            if (body.length > LARGEST_BODY) {
                answer(exchange, Page.text(413, "the body is longer than " + LARGEST_BODY + " bytes\n"));
                return;
            }
            resource.answer(exchange.getRequestURI().getRawQuery(), body)
                    .whenCompleteAsync((page, failure) -> answerOrClose(exchange, page), threads);
        });
    }

    /** The metrics, in the form that Prometheus scrapes. */
    public static Page metrics(String text) {
        return new Page(200, METRICS_TYPE, text);
    }

    private static void answerOrClose(HttpExchange exchange, @Nullable Page page) {
        try {
            answer(exchange, page == null ? Page.text(500, "this could not be answered\n") : page);
        } catch (IOException e) {
            exchange.close();
        }
    }

    private static void answer(HttpExchange exchange, Page page) throws IOException {
        try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            byte[] body = page.text().getBytes(StandardCharsets.UTF_8);
            boolean empty = head || body.length == 0;
            exchange.getResponseHeaders().set("content-type", page.type());
            exchange.sendResponseHeaders(page.status(), empty ? -1 : body.length);
            if (!empty) {
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
