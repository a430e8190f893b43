package dev.weir.telemetry;

import dev.weir.bucket.Settled;
import dev.weir.decide.Decision;
import dev.weir.decide.DecisionListener;
import dev.weir.decide.Standing;
import dev.weir.identity.Identification;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.request.Request;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The metrics. All meters of a policy are made when it is loaded, so a decision only counts; labels come from the policy, never
 * from a request.
 */
public final class Telemetry implements DecisionListener, Consumer<Identification>, AutoCloseable {
    private static final String UNKNOWN_DOMAIN = "unknown";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final Map<String, DomainMeters> domains = new HashMap<>();
    private final DomainMeters unknownDomain;
    private final Timer latency;
    private final Counter known = identified("known");
    private final Counter noCredential = identified("no_credential");
    private final Counter unknownCredential = identified("unknown_credential");
    private final Counter disabled = identified("disabled");

    public Telemetry(Policy policy) {
        latency = Timer.builder("weir.decision")
                .description("From the arrival of a rate limit call to its answer")
                .serviceLevelObjectives(buckets(1, 2, 5, 10, 20, 50, 100, 250, 500, 1000))
                .register(registry);
        policy.domains().forEach((name, domain) -> domains.put(name, new DomainMeters(registry, domain)));
        unknownDomain = new DomainMeters(registry, new Domain(UNKNOWN_DOMAIN, List.of()));
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        gc.bindTo(registry);
    }

    private static Duration[] buckets(int... millis) {
        Duration[] buckets = new Duration[millis.length];
        for (int i = 0; i < millis.length; i++) {
            buckets[i] = Duration.ofMillis(millis[i]);
        }
        return buckets;
    }

    private Counter identified(String outcome) {
        return Counter.builder("weir.identifications")
                .description("Requests for external authorization by what became of their credential")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** Shows a number that is kept elsewhere. */
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    @Override
    public void decided(Request request, Decision decision, long nanos) {
        latency.record(nanos, TimeUnit.NANOSECONDS);
        DomainMeters meters = meters(request.domain());
        if (decision instanceof Decision.Refused refused) {
            Standing by = refused.by();
            (by == null ? meters.refusedWithoutLimit : meters.refusedBy(by.limit())).increment();
        } else if (decision instanceof Decision.Invalid) {
            meters.invalid.increment();
        } else if (!request.descriptors().isEmpty()) {
            meters.allowed.increment();
        }
    }

    @Override
    public void settled(String domain, Settled settled) {
        DomainMeters meters = meters(domain);
        switch (settled.kind()) {
            case SETTLED -> {
                // Tokens first: who waits for the count finds them there.
                meters.tokensHeld.increment((double) settled.held());
                meters.tokensUsed.increment((double) settled.used());
                meters.settled.increment();
            }
            case KEPT -> meters.kept.increment();
            case UNKNOWN -> meters.unknown.increment();
        }
    }

    @Override
    public void letGo(String domain, boolean late) {
        DomainMeters meters = meters(domain);
        (late ? meters.cancelledLate : meters.cancelled).increment();
    }

    @Override
    public void rejected(String problem) {
        unknownDomain.invalid.increment();
    }

    @Override
    public void failed(String domain, Throwable cause, long nanos) {
        latency.record(nanos, TimeUnit.NANOSECONDS);
        meters(domain).storeErrors.increment();
    }

    @Override
    public void accept(Identification identification) {
        Counter counter = identification instanceof Identification.Known
                ? known
                : identification instanceof Identification.NoCredential
                        ? noCredential
                        : identification instanceof Identification.Disabled ? disabled : unknownCredential;
        counter.increment();
    }

    private DomainMeters meters(String domain) {
        DomainMeters meters = domains.get(domain);
        return meters == null ? unknownDomain : meters;
    }

    /** The page that Prometheus scrapes. */
    public String page() {
        return registry.scrape();
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
