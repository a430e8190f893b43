package dev.weir.dropin;

import dev.weir.admin.HttpListener;
import dev.weir.admin.Page;
import dev.weir.admin.Resource;
import dev.weir.dropin.answer.JsonCalls;
import dev.weir.dropin.meters.ReferenceMeters;
import dev.weir.envoy.ratelimit.RateLimitEndpoint;
import dev.weir.policy.Policy;
import dev.weir.server.Extension;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Adds what Weir does in the place of envoyproxy/ratelimit to what it does by itself: its pages, where those who run it look for them,
 * and its metrics.
 *
 * @param debug where {@code /rlconfig} is
 * @param scrape a further place for the metrics; null has none
 * @param startsWithoutPolicy true starts with a policy that cannot be used; every call fails until one can
 * @param needsDomain true is healthy only with a policy that has a domain
 */
public record DropIn(InetSocketAddress debug, @Nullable Scrape scrape, boolean startsWithoutPolicy, boolean needsDomain)
        implements Extension {
    private static final Page GONE =
            Page.text(404, "not there: Weir's metrics are at /metrics on PORT, and a JVM is profiled from outside\n");

    /** The place where Prometheus finds the metrics. */
    public record Scrape(InetSocketAddress address, String path) {}

    @Override
    public String redisSetting() {
        return "REDIS_URL";
    }

    @Override
    public @Nullable Meters meters() {
        return scrape == null ? null : new ReferenceMeters();
    }

    @Override
    public Map<String, Resource> adminPages(BooleanSupplier ready, RateLimitEndpoint endpoint) {
        JsonCalls calls = new JsonCalls(endpoint);
        return Map.of(
                "/healthcheck",
                Resource.probe(() -> ready.getAsBoolean() ? Page.text(200, "OK") : Page.text(500, "")),
                "/json",
                (query, body) -> calls.answer(body)
                        .thenApply(answer -> new Page(answer.status(), answer.type(), answer.text())));
    }

    @Override
    public List<Port> ports(Supplier<Policy> policy, Supplier<String> metrics) {
        List<Port> ports = new ArrayList<>();
        ports.add(new Port(
                debug,
                Map.of(
                        "/rlconfig",
                        Resource.of(() -> Page.text(200, LimitsText.of(policy.get()))),
                        "/stats",
                        Resource.of(() -> GONE),
                        "/debug/pprof/",
                        Resource.of(() -> GONE))));
        if (scrape != null) {
            Resource page = Resource.shared(() -> HttpListener.metrics(metrics.get()));
            ports.add(new Port(scrape.address(), Map.of(scrape.path(), page)));
        }
        return ports;
    }
}
