package dev.weir.admin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Serves {@code /healthz} (the process lives), {@code /readyz} (send it requests), {@code /metrics} for Prometheus and {@code /explain}
 * for people.
 */
public final class AdminServer {
    private final HttpListener listener;

    /**
     * @param note lines that follow the word of {@code /readyz}, each with its end; may be empty
     * @param more what is served beside them, by path
     */
    public AdminServer(
            InetSocketAddress address,
            BooleanSupplier ready,
            Supplier<String> note,
            Supplier<String> metrics,
            ExplainPage explanations,
            Map<String, Resource> more)
            throws IOException {
        Map<String, Resource> resources = new HashMap<>(more);
        resources.put("/healthz", Resource.probe(() -> Page.text(200, "ok\n")));
        resources.put(
                "/readyz",
                Resource.probe(() ->
                        ready.getAsBoolean() ? Page.text(200, "ready\n" + note.get()) : Page.text(503, "not ready\n")));
        resources.put("/metrics", Resource.shared(() -> HttpListener.metrics(metrics.get())));
        resources.put("/explain", Resource.ofQuery(explanations::page));
        listener = new HttpListener(address, resources);
    }

    public int port() {
        return listener.port();
    }

    public void stop() {
        listener.stop();
    }
}
