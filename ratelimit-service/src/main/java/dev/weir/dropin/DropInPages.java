package dev.weir.dropin;

import dev.weir.admin.HttpListener;
import dev.weir.admin.Page;
import dev.weir.admin.Resource;
import dev.weir.envoy.ratelimit.JsonCalls;
import dev.weir.policy.Policy;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The pages of envoyproxy/ratelimit, where those who run it look for them. */
public final class DropInPages {
    private static final Page GONE =
            Page.text(404, "not there: Weir's metrics are at /metrics on PORT, and a JVM is profiled from outside\n");

    private DropInPages() {}

    /** On the port of HTTP. */
    public static Map<String, Resource> http(BooleanSupplier ready, JsonCalls calls) {
        return Map.of(
                "/healthcheck",
                Resource.probe(() -> ready.getAsBoolean() ? Page.text(200, "OK") : Page.text(500, "")),
                "/json",
                (query, body) -> calls.answer(body)
                        .thenApply(answer -> new Page(answer.status(), answer.type(), answer.text())));
    }

    /** On the port for debugging. */
    public static Map<String, Resource> debug(Supplier<Policy> policy) {
        return Map.of(
                "/rlconfig",
                Resource.of(() -> Page.text(200, LimitsText.of(policy.get()))),
                "/stats",
                Resource.of(() -> GONE),
                "/debug/pprof/",
                Resource.of(() -> GONE));
    }

    /** On the port for Prometheus. */
    public static Map<String, Resource> scrape(String path, Supplier<String> metrics) {
        return Map.of(path, Resource.shared(() -> HttpListener.metrics(metrics.get())));
    }
}
