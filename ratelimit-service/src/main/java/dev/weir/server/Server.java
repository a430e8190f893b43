package dev.weir.server;

import dev.weir.admin.AdminServer;
import dev.weir.admin.ExplainPage;
import dev.weir.admin.HttpListener;
import dev.weir.admin.Resource;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Presence;
import dev.weir.bucket.StoreAddressException;
import dev.weir.bucket.StoreUnreachableException;
import dev.weir.bucket.memory.CalendarClock;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.bucket.redis.RedisBuckets;
import dev.weir.bucket.redis.RedisSettings;
import dev.weir.config.ConfigException;
import dev.weir.decide.Decider;
import dev.weir.decide.DecisionListener;
import dev.weir.decide.Ends;
import dev.weir.decide.ThreadTimer;
import dev.weir.dropin.DropIn;
import dev.weir.dropin.DropInPages;
import dev.weir.dropin.meters.ReferenceMeters;
import dev.weir.envoy.accesslog.AccessLogEndpoint;
import dev.weir.envoy.authz.AuthorizationEndpoint;
import dev.weir.envoy.call.HeldReservation;
import dev.weir.envoy.call.Peers;
import dev.weir.envoy.listen.Encryption;
import dev.weir.envoy.listen.GrpcServer;
import dev.weir.envoy.listen.LatestTls;
import dev.weir.envoy.ratelimit.JsonCalls;
import dev.weir.envoy.ratelimit.RateLimitEndpoint;
import dev.weir.envoy.slots.SlotsEndpoint;
import dev.weir.identity.apikey.ApiKeys;
import dev.weir.policy.Deployment;
import dev.weir.policy.Limit;
import dev.weir.policy.Policy;
import dev.weir.refusal.RefusalLog;
import dev.weir.telemetry.Telemetry;
import dev.weir.telemetry.TroubleLog;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All wiring, top to bottom. */
public final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final Duration LAST_CALLS = Duration.ofSeconds(5);
    /** Afterwards a call takes a few milliseconds at most; the rest comes with the work. */
    private static final Duration WARM_UP = Duration.ofSeconds(1);

    private static final Duration WARM_UP_AT_MOST = Duration.ofSeconds(3);
    private static final int REFUSALS_WAITING = 8_192;
    private static final int MOST_BUCKETS = 1_000_000;
    /** With its name and its place in a table; measured, rounded up. */
    private static final int BYTES_PER_BUCKET = 1_000;

    private final Deployment deployment;
    private final Telemetry telemetry;
    private final GrpcServer grpc;
    private final AccessLogEndpoint accessLogs;
    private final AdminServer admin;
    /** What is to be closed, the last first. */
    private final Deque<Runnable> open = new ArrayDeque<>();

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final @Nullable DropIn standIn;
    private final @Nullable XdsPolicies server;
    private final @Nullable ReferenceMeters meters;
    private volatile boolean ready;
    private boolean leaving;

    /**
     * Reads the files, connects, warms up and is ready.
     *
     * @param out where refusals are written, unless they go elsewhere
     * @throws ConfigException with all problems of the files
     * @throws StoreAddressException if what should say where Redis is does not, naming it
     * @throws StoreUnreachableException if Redis cannot be reached, or cannot be written to
     * @throws IOException if an address is taken or refusals cannot be written, saying so
     */
    public static Server start(ServerOptions options, OutputStream out) throws ConfigException, IOException {
        Inputs configuration = Inputs.read(options);
        try {
            EffectiveOptions running =
                    EffectiveOptions.of(options, configuration.policy().deployment());
            return new Server(options, configuration, running, buckets(running, configuration), out);
        } catch (IOException | RuntimeException | Error e) {
            configuration.close();
            throw e;
        }
    }

    private static Buckets buckets(EffectiveOptions running, Inputs configuration) {
        ServerOptions.Store store = running.store();
        if (!store.isRedis()) {
            LongSupplier now = monotonicMicros();
            LongSupplier system = () -> System.currentTimeMillis() * 1_000;
            return new MemoryBuckets(bucketsInMemory(), now, new CalendarClock(now, system));
        }
        try {
            return RedisBuckets.connect(
                    configuration.login().address(store.redis()),
                    new RedisSettings(
                            store.timeout(),
                            configuration.authorities(),
                            store.client(),
                            store.prefix(),
                            store.patience()));
        } catch (StoreAddressException e) {
            throw new StoreAddressException(running.storeFrom() + " is " + e.getMessage());
        }
    }

    private Server(
            ServerOptions options, Inputs configuration, EffectiveOptions running, Buckets store, OutputStream out)
            throws IOException {
        deployment = configuration.policy().deployment();
        open.push(store::close);
        server = configuration.server();
        try {
            telemetry = new Telemetry(configuration.policy());
            open.push(telemetry::close);
            RefusalLog refusals = new RefusalLog(
                    options.refusals().open(running.rotation(), out, Clock.systemUTC()),
                    Clock.systemUTC(),
                    REFUSALS_WAITING);
            open.push(refusals::close);
            telemetry.watchRefusals(refusals::failing, refusals::waiting);
            Buckets buckets = watched(store);
            standIn = options.standIn();
            meters = standIn == null || standIn.scrape() == null ? null : new ReferenceMeters();
            DecisionListener own =
                    DecisionListener.both(telemetry, DecisionListener.both(refusals, new TroubleLog(System::nanoTime)));
            DecisionListener listener = meters == null ? own : DecisionListener.both(own, meters);
            Decider decider = new Decider(configuration.policy(), buckets, Limit.RESERVATION);
            List<ServerServiceDefinition> services = new ArrayList<>();
            ThreadTimer timer = new ThreadTimer("later");
            open.push(timer::close);
            Ends ends = new Ends(decider, listener, timer);
            RateLimitEndpoint rateLimits = new RateLimitEndpoint(decider, listener, ends);
            services.add(rateLimits.service());
            services.add(new SlotsEndpoint(decider::policy, buckets, timer).service());
            accessLogs = new AccessLogEndpoint(decider, listener, ends);
            services.add(accessLogs.service());
            Presence presence = store instanceof RedisBuckets redis ? redis.presence() : Presence.ALONE;
            Peers peers = new Peers(timer, held -> missed(held, ends), presence);
            FileWatcher watch = new FileWatcher(options.reload());
            if (configuration.policyFiles() != null) {
                watch.add(configuration.policyFiles(), changed -> use(changed, decider), this::policyRefused);
            }
            if (configuration.register() != null) {
                AuthorizationEndpoint authorization =
                        new AuthorizationEndpoint(configuration.register().keys(), telemetry, decider, listener, ends);
                services.add(authorization.service());
                watch.add(
                        configuration.register().file(),
                        changed -> use(changed, authorization),
                        problems -> telemetry.keys().refused());
            }
            if (store instanceof RedisBuckets redis) {
                watch.add(
                        configuration.loginFiles(),
                        changed -> {
                            redis.use(changed.address(running.store().redis()));
                            telemetry.login().loaded();
                        },
                        problems -> telemetry.login().refused());
            }

            ExplainPage explanations = new ExplainPage(decider::policy, store);
            Map<String, Resource> pages =
                    standIn == null ? Map.of() : DropInPages.http(() -> ready, new JsonCalls(rateLimits));
            admin = listening(
                    options.admin(),
                    at -> new AdminServer(at, () -> ready, () -> absence(store), telemetry::page, explanations, pages));
            open.push(admin::stop);
            if (standIn != null) {
                listenBeside(standIn, decider);
            }
            Inputs.Certificates certificates = configuration.certificates();
            LatestTls tls = certificates == null ? null : certificates.tls();
            if (certificates != null && tls != null) {
                tellEnd(certificates.first());
                watch.add(
                        certificates.files(),
                        changed -> use(changed, tls),
                        problems -> telemetry.certificates().refused());
            }
            grpc = listening(options.grpc(), at -> new GrpcServer(at, services, options.connections(), tls, peers));
            open.push(() -> grpc.stop(LAST_CALLS));
            open.push(accessLogs::leave);
            refusals.start();
            warmUp(store);
            if (configuration.policy().isWritten()) {
                policyLoaded(configuration.policy());
            } else if (server == null) {
                policyRefused(1);
            }
            tellNotes(configuration.policy());
            open.push(watch::close);
            watch.start();
            if (server != null) {
                open.push(server::close);
                server.useBy(
                        configuration.policy(),
                        changed -> use(changed, decider),
                        problems -> policyRefused(problems.size()));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        tellHealth(configuration.policy());
        LOG.info(
                "ready: domains {}, policy {}, gRPC on {}, admin on port {}, buckets in {}, refusals to {}",
                configuration.policy().domains().keySet(),
                configuration.policy().version(),
                grpc.port() < 0 ? options.grpc() : "port " + grpc.port(),
                admin.port(),
                !running.store().isRedis() ? "memory, at most " + bucketsInMemory() : "Redis",
                options.refusals());
        if (configuration.register() == null) {
            LOG.info("no --keys: external authorization is not served{}", admitting(configuration.policy()));
        }
    }

    /** The listeners that the reference has and Weir by itself has not. */
    private void listenBeside(DropIn place, Decider decider) throws IOException {
        HttpListener debug = listening(place.debug(), at -> new HttpListener(at, DropInPages.debug(decider::policy)));
        open.push(debug::stop);
        DropIn.Scrape scrape = place.scrape();
        if (scrape != null) {
            HttpListener metrics = listening(
                    scrape.address(), at -> new HttpListener(at, DropInPages.scrape(scrape.path(), this::page)));
            open.push(metrics::stop);
        }
    }

    private static void missed(List<HeldReservation> held, Ends ends) {
        LOG.warn(
                "an Envoy has gone with {} requests under way or fewer that hold slots; these are freed, unless it shows that it lives",
                held.size());
        held.forEach(one -> ends.vacate(one.domain(), one.reservation()));
    }

    private synchronized void tellHealth(Policy policy) {
        if (leaving) {
            return;
        }
        boolean empty =
                standIn != null && standIn.needsDomain() && policy.domains().isEmpty();
        ready = !empty && (server == null || server.hasPolicy());
        if (ready) {
            grpc.serving();
        } else {
            grpc.notServing();
        }
    }

    private static String admitting(Policy policy) {
        boolean any = policy.domains().values().stream()
                .anyMatch(domain -> domain.settings().admit());
        return any ? ", and `admit: true` has no effect" : "";
    }

    private Buckets watched(Buckets store) {
        if (store instanceof MemoryBuckets memory) {
            telemetry.watch(memory);
            return memory;
        }
        if (store instanceof RedisBuckets redis) {
            telemetry.watch(redis::isConnected, () -> redis.pending() != null);
        }
        return telemetry.timed(store);
    }

    /** A line for those who look at readiness. Away from its store the service stays ready, since it says itself what it cannot answer. */
    private static String absence(Buckets store) {
        if (!(store instanceof RedisBuckets redis)) {
            return "";
        }
        String absence = redis.absence();
        String pending = redis.pending();
        return absence != null
                ? "store: " + absence + "\n"
                : pending == null
                        ? ""
                        : "store: the changed address, user or password does not work yet, the one before is in use: "
                                + pending + "\n";
    }

    /** Opens something that listens. */
    private interface Listener<A, S> {
        S at(A address) throws IOException;
    }

    private static <A, S> S listening(A address, Listener<A, S> listener) throws IOException {
        try {
            return listener.at(address);
        } catch (IOException e) {
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    private void warmUp(Buckets buckets) throws IOException {
        Decider decider = new Decider(WarmUp.POLICY, buckets, WARM_UP_AT_MOST);
        try (Telemetry scratch = new Telemetry(WarmUp.POLICY)) {
            Ends never = new Ends(decider, scratch, (delay, task) -> {});
            WarmUp.run(new RateLimitEndpoint(decider, scratch, never), WARM_UP, WARM_UP_AT_MOST);
        } catch (StatusRuntimeException e) {
            throw new StoreUnreachableException(String.valueOf(e.getStatus().getDescription()), e);
        }
    }

    private void use(Policy changed, Decider decider) {
        telemetry.load(changed);
        decider.use(changed);
        policyLoaded(changed);
        tellHealth(changed);
        LOG.info("policy {} is in force", changed.version());
        tellNotes(changed);
        if (!changed.deployment().equals(deployment)) {
            LOG.warn(
                    "where its buckets are and how long refusals are kept has changed in the policy; that holds from the"
                            + " next start on");
        }
    }

    private void policyLoaded(Policy policy) {
        telemetry.policyLoaded(policy.version());
        if (meters != null) {
            meters.policyLoaded();
        }
    }

    private void policyRefused(int problems) {
        telemetry.policyRefused(problems);
        if (meters != null) {
            meters.policyRefused();
        }
    }

    /** With the reference's own counters. */
    private String page() {
        return meters == null ? telemetry.page() : telemetry.page() + meters.page();
    }

    private static void tellNotes(Policy policy) {
        policy.domains().values().stream()
                .flatMap(domain -> domain.notes().stream())
                .forEach(note -> LOG.info("{}", note));
    }

    private void use(ApiKeys changed, AuthorizationEndpoint authorization) {
        authorization.use(changed);
        telemetry.keys().loaded();
        LOG.info("the keys were changed, there are {}", changed.callers().size());
    }

    /** One that has ended helps nobody; the one before it may not have. */
    private void use(Encryption changed, LatestTls tls) {
        if (changed.end().isBefore(Instant.now())) {
            telemetry.certificates().refused();
            LOG.error(
                    "the changed certificate of the gRPC listener is not used, what was in force before still is: it ended on {}",
                    changed.end());
            return;
        }
        tls.use(changed.context());
        telemetry.certificates().loaded();
        telemetry.certificateEnds(changed.end());
        LOG.info(
                "the certificates of the gRPC listener were changed; new connections use them, until {}",
                changed.end());
    }

    private void tellEnd(Encryption encryption) {
        telemetry.certificateEnds(encryption.end());
        if (encryption.end().isBefore(Instant.now())) {
            LOG.warn(
                    "the certificate of the gRPC listener ended on {}; whoever looks at it does not call",
                    encryption.end());
        }
    }

    /** As many as half of the heap holds. */
    private static int bucketsInMemory() {
        long fit = Runtime.getRuntime().maxMemory() / 2 / BYTES_PER_BUCKET;
        return (int) Math.min(MOST_BUCKETS, fit);
    }

    private static LongSupplier monotonicMicros() {
        long offset = System.currentTimeMillis() * 1_000 - System.nanoTime() / 1_000;
        return () -> offset + System.nanoTime() / 1_000;
    }

    public int grpcPort() {
        return grpc.port();
    }

    public int adminPort() {
        return admin.port();
    }

    /** Says that it is leaving, goes on answering for {@code drain}, finishes the calls under way, then lets go of all. */
    public void stop(Duration drain) {
        stop(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(drain.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** @param drain returns when Envoy has had the time to go elsewhere */
    void stop(Runnable drain) {
        leave();
        LOG.info("leaving: health checks fail, calls are still answered");
        drain.run();
        close();
        stopped.countDown();
    }

    private synchronized void leave() {
        leaving = true;
        ready = false;
        grpc.leaving();
        accessLogs.leave();
    }

    private void close() {
        while (!open.isEmpty()) {
            open.pop().run();
        }
    }

    public void awaitStop() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
