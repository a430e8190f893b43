package dev.weir.telemetry;

import dev.weir.bucket.Buckets;
import dev.weir.bucket.Settled;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.decide.Decision;
import dev.weir.decide.DecisionListener;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.RefusalReason;
import dev.weir.identity.Identification;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.request.Request;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The metrics. All meters of a policy are made when it is loaded, so a decision only counts. Labels come from the policy; from a request
 * only the values of attributes that the policy names for this.
 */
public final class Telemetry implements DecisionListener, AutoCloseable {
    private static final String UNKNOWN_DOMAIN = "unknown";
    private static final int MOST_NAMES = 10_000;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);
    private final ProcessMeters process = new ProcessMeters(meters);
    private final MeterNameBudget places = new MeterNameBudget(MOST_NAMES);
    private final PolicyMeters policies;
    private final DomainMeters unknownDomain = new DomainMeters(meters, UNKNOWN_DOMAIN);
    private final Timer latency = meters.timer(
            "weir.decision",
            "From the arrival of a call that asks for room or settles to its answer, by either protocol");
    private final Counter known = identified("known");
    private final Counter noCredential = identified("no_credential");
    private final Counter unknownCredential = identified("unknown_credential");
    private final Counter disabled = identified("disabled");
    private final Loads keys = new Loads(meters, "weir.keys.loads", "Changes of the keys, by what became of them");
    private final Loads certificates = new Loads(
            meters,
            "weir.certificates.loads",
            "Changes of the gRPC listener's certificates and key, by what became of them");
    private final Loads login = new Loads(
            meters,
            "weir.redis.login.loads",
            "Changes of the files with Redis's URL, user and password, by what became of them");
    private volatile Map<String, DomainMeters> domains = Map.of();
    private volatile @Nullable Instant certificateEnd;

    public Telemetry(Policy policy) {
        this(policy, System::currentTimeMillis);
    }

    /** @param nowMillis the time of day, in milliseconds since 1970 */
    Telemetry(Policy policy, LongSupplier nowMillis) {
        policies = new PolicyMeters(meters, nowMillis);
        load(policy);
    }

    private Counter identified(String outcome) {
        return meters.counter(
                "weir.identifications",
                "Requests for external authorization by what became of their credential",
                "outcome",
                outcome);
    }

    /**
     * Makes the meters of a policy; must be called before the policy decides. Decisions of an earlier one may still be under way: its
     * meters stay, and so do those of limits that have gone, up to {@value #MOST_NAMES} domains, limits and attributes in the life of the
     * process. What is named after that counts as limit {@code other}, or domain {@code unknown}.
     */
    public void load(Policy policy) {
        load(policy, domain -> domain.settings().metrics());
    }

    /** @param shownAttributes the attributes of a domain whose values become labels */
    synchronized void load(Policy policy, Function<Domain, List<String>> shownAttributes) {
        Map<String, DomainMeters> next = new HashMap<>(domains);
        for (String name : policy.domains().keySet()) {
            if (places.take("domain", name)) {
                next.computeIfAbsent(name, unseen -> new DomainMeters(meters, unseen));
            }
        }
        next.forEach((name, domainMeters) -> {
            Domain domain = policy.domains().getOrDefault(name, new Domain(name, List.of()));
            domainMeters.load(domain, shownAttributes.apply(domain), places);
        });
        domains = Map.copyOf(next);
    }

    /**
     * Notes that the policy that was loaded last decides from now on.
     *
     * @param version tells policies apart: the same on all replicas that have the same policy
     */
    public void policyLoaded(String version) {
        policies.loaded(version);
    }

    /**
     * Notes that a policy was offered and not used; the one before it goes on deciding.
     *
     * @param problems the number that it had, at least 1
     */
    public void policyRefused(int problems) {
        policies.refused(problems);
    }

    public Loads keys() {
        return keys;
    }

    /** Returns the loads of the gRPC listener's certificates and key. */
    public Loads certificates() {
        return certificates;
    }

    /** Returns the loads of the files that say where Redis is and who asks it. */
    public Loads login() {
        return login;
    }

    /** Shows how full the buckets of this process are. */
    public void watch(MemoryBuckets buckets) {
        meters.gauge("weir.buckets", "Buckets and reservations in memory", buckets::size);
        meters.gauge("weir.buckets.max", "Most buckets and reservations that memory has room for", buckets::bound);
        meters.counter(
                "weir.reservations.expired",
                "Reservations in memory that nobody settled in time; counted when they are found",
                buckets::expired);
    }

    /**
     * Shows whether the records of refusals are written.
     *
     * @param failing whether they are kept because they cannot be
     * @param waiting how many refusals are not written yet
     */
    public void watchRefusals(BooleanSupplier failing, LongSupplier waiting) {
        meters.gauge(
                "weir.refusals.failing",
                "1 while refusals cannot be written and are kept",
                () -> failing.getAsBoolean() ? 1 : 0);
        meters.gauge("weir.refusals.waiting", "Refusals that are not written yet", waiting::getAsLong);
    }

    /**
     * Shows whether the store of the buckets can be asked.
     *
     * @param pending whether a changed address, user or password does not work yet
     */
    public void watch(BooleanSupplier connected, BooleanSupplier pending) {
        meters.gauge(
                "weir.redis.login.pending",
                "1 while a changed address, user or password of Redis does not work and the one before is in use",
                () -> pending.getAsBoolean() ? 1 : 0);
        meters.gauge(
                "weir.store.connected",
                "1 while there is a connection to the store that serves",
                () -> connected.getAsBoolean() ? 1 : 0);
    }

    /** Shows when the certificate of the gRPC listener ends. */
    public void certificateEnds(Instant end) {
        boolean first = certificateEnd == null;
        certificateEnd = end;
        if (first) {
            meters.gauge(
                    "weir.certificates.end.timestamp.seconds",
                    "When the certificate of the gRPC listener ends, in seconds since 1970",
                    () -> Objects.requireNonNull(certificateEnd).getEpochSecond());
        }
    }

    /** Returns the same buckets with their answers timed; for buckets that are not in this process. */
    public Buckets timed(Buckets remote) {
        return new TimedBuckets(remote, meters, System::nanoTime);
    }

    @Override
    public void decided(Request request, Decision decision, long nanos) {
        latency.record(nanos, TimeUnit.NANOSECONDS);
        DomainMeters domain = meters(request.domain());
        if (decision instanceof Decision.Refused refused) {
            LimitStatus by = refused.by();
            (by == null ? domain.refusedWithoutLimit : domain.refusedBy(by.limit())).increment();
            domain.attributes.refused(request);
            if (refused.reason() == RefusalReason.STORE_FULL) {
                domain.storeFull.increment();
            }
        } else if (decision instanceof Decision.Allowed allowed) {
            if (!request.descriptors().isEmpty()) {
                allowed(domain, request, allowed);
            }
        } else {
            domain.invalid.increment();
        }
    }

    private static void allowed(DomainMeters domain, Request request, Decision.Allowed allowed) {
        domain.allowed.increment();
        domain.attributes.allowed(request);
        for (LimitStatus shadow : allowed.shadows()) {
            if (shadow.level().refuses()) {
                domain.shadowRefusedBy(shadow.limit()).increment();
            }
        }
        if (allowed.reservation() != null) {
            domain.reservations.increment();
        }
        if (allowed.isWithoutLimit()) {
            domain.unlimited.increment();
        }
    }

    @Override
    public void settled(String domain, Settled settled) {
        DomainMeters counters = meters(domain);
        switch (settled.kind()) {
            case SETTLED -> {
                // Tokens first: whoever waits for the count then finds them.
                counters.tokensHeld.increment((double) settled.held());
                counters.tokensUsed.increment((double) settled.used());
                counters.settled.increment();
            }
            case KEPT -> counters.kept.increment();
            case UNKNOWN -> counters.unknown.increment();
        }
    }

    @Override
    public void released(String domain, boolean late) {
        DomainMeters counters = meters(domain);
        (late ? counters.cancelledLate : counters.cancelled).increment();
    }

    @Override
    public void renewed(String domain, boolean known) {
        DomainMeters counters = meters(domain);
        (known ? counters.renewed : counters.renewedTooLate).increment();
    }

    @Override
    public void vacated(String domain) {
        meters(domain).vacated.increment();
    }

    @Override
    public void answeredLate(String domain) {
        meters(domain).lateAnswers.increment();
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
    public void identified(Identification identification) {
        Counter counter = identification instanceof Identification.Known
                ? known
                : identification instanceof Identification.NoCredential
                        ? noCredential
                        : identification instanceof Identification.Disabled ? disabled : unknownCredential;
        counter.increment();
    }

    private DomainMeters meters(String domain) {
        DomainMeters of = domains.get(domain);
        return of == null ? unknownDomain : of;
    }

    /** Returns the page that Prometheus scrapes. */
    public String page() {
        return registry.scrape();
    }

    @Override
    public void close() {
        process.close();
        registry.close();
    }
}
