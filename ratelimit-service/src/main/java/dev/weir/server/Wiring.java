package dev.weir.server;

import dev.weir.admin.AdminServer;
import dev.weir.admin.ExplainPage;
import dev.weir.admin.HttpListener;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.StoreUnreachableException;
import dev.weir.bucket.redis.RedisBuckets;
import dev.weir.decide.Decider;
import dev.weir.decide.DecisionListener;
import dev.weir.decide.Ends;
import dev.weir.decide.Event;
import dev.weir.decide.ThreadTimer;
import dev.weir.dropin.answer.ReferenceAnswer;
import dev.weir.envoy.accesslog.AccessLogEndpoint;
import dev.weir.envoy.authz.AuthorizationEndpoint;
import dev.weir.envoy.call.HeldReservation;
import dev.weir.envoy.call.Peers;
import dev.weir.envoy.listen.GrpcServer;
import dev.weir.envoy.listen.LatestTls;
import dev.weir.envoy.ratelimit.RateLimitEndpoint;
import dev.weir.envoy.slots.SlotsEndpoint;
import dev.weir.identity.apikey.ApiKeys;
import dev.weir.policy.Limit;
import dev.weir.policy.Policy;
import dev.weir.policy.PolicySource;
import dev.weir.refusal.RefusalLog;
import dev.weir.telemetry.Telemetry;
import dev.weir.telemetry.TroubleLog;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins all parts of a service, from top to bottom. */
final class Wiring {
    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);
    private static final Duration LAST_CALLS = Duration.ofSeconds(5);
    /** The length of the warm-up, after which a call takes a few milliseconds at most; the rest comes with the work. */
    private static final Duration WARM_UP = Duration.ofMillis(500);

    private static final Duration WARM_UP_AT_MOST = Duration.ofSeconds(3);
    private static final int REFUSALS_WAITING = 8_192;

    private final Shutdown open = new Shutdown();
    private final Telemetry telemetry;
    private final Extension.@Nullable Meters meters;
    private final Health health;
    private final FileWatcher watcher;
    private final AccessLogEndpoint accessLogs;
    private final AdminServer admin;
    private final GrpcServer grpc;

    /** Opens all parts, warms up, and is ready in the end. Where that fails, nothing stays open. */
    Wiring(ServerOptions options, Inputs inputs, EffectiveOptions effective, Store store, OutputStream out)
            throws IOException {
        open.add(store.buckets()::close);
        try {
            telemetry = new Telemetry(inputs.policy());
            open.add(telemetry::close);
            RefusalLog refusals = refusals(options, effective, out);
            meters = options.extension().meters();
            Consumer<Event> events = events(refusals);

            Buckets buckets = store.watched(telemetry);
            Decider decider = new Decider(inputs.policy(), buckets, Limit.RESERVATION);
            ThreadTimer timer = new ThreadTimer("later");
            open.add(timer::close);
            Ends ends = new Ends(decider, events, timer);

            health = new Health(options.extension().needsDomain(), inputs.sender());
            watcher = new FileWatcher(options.reload());
            PolicyInForce policies = new PolicyInForce(inputs.policy(), decider, telemetry, meters, health);
            watchPolicy(inputs, policies);

            RateLimitEndpoint rateLimits = new RateLimitEndpoint(decider, events, ends, ReferenceAnswer::write);
            accessLogs = new AccessLogEndpoint(decider, events, ends);
            List<ServerServiceDefinition> services = new ArrayList<>();
            services.add(rateLimits.service());
            services.add(new SlotsEndpoint(decider::policy, buckets, timer).service());
            services.add(accessLogs.service());
            if (inputs.register() != null) {
                services.add(authorization(inputs.register(), decider, events, ends));
            }
            watchLogin(inputs, effective, store);

            ExplainPage explanations = new ExplainPage(decider::policy, store.buckets());
            admin = listening(
                    options.admin(),
                    at -> new AdminServer(
                            at,
                            health::isReady,
                            store::absence,
                            telemetry::page,
                            explanations,
                            options.extension().adminPages(health::isReady, rateLimits)));
            open.add(admin::stop);
            listenBeside(options.extension(), decider);
            LatestTls tls = encryption(inputs.certificates());
            Peers peers = new Peers(timer, held -> missed(held, ends), store.presence());
            grpc = listening(options.grpc(), at -> new GrpcServer(at, services, options.connections(), tls, peers));
            open.add(() -> grpc.stop(LAST_CALLS));
            open.add(accessLogs::leave);

            refusals.start();
            warmUp(store.buckets());
            policies.begin(inputs.policy(), inputs.sender() != null);
            open.add(watcher::close);
            watcher.start();
            followSender(inputs.sender(), inputs.policy(), policies);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        health.begin(grpc, inputs.policy());
        tellReady(options, inputs, store);
    }

    private RefusalLog refusals(ServerOptions options, EffectiveOptions effective, OutputStream out)
            throws IOException {
        RefusalLog refusals = new RefusalLog(
                options.refusals().open(effective.rotation(), out, Clock.systemUTC()),
                Clock.systemUTC(),
                REFUSALS_WAITING);
        open.add(refusals::close);
        telemetry.watchRefusals(refusals::failing, refusals::waiting);
        return refusals;
    }

    private Consumer<Event> events(RefusalLog refusals) {
        List<DecisionListener> listeners = new ArrayList<>();
        listeners.add(telemetry);
        listeners.add(refusals);
        listeners.add(new TroubleLog(System::nanoTime));
        if (meters != null) {
            listeners.add(meters);
        }
        return DecisionListener.all(listeners);
    }

    private void watchPolicy(Inputs inputs, PolicyInForce policies) {
        if (inputs.policyFiles() != null) {
            watcher.add(inputs.policyFiles(), policies::use, policies::refused);
        }
    }

    private ServerServiceDefinition authorization(
            Inputs.Register register, Decider decider, Consumer<Event> events, Ends ends) {
        AuthorizationEndpoint authorization =
                new AuthorizationEndpoint(register.keys(), register.keys().callers(), decider, events, ends);
        watcher.add(
                register.file(),
                changed -> use(changed, authorization),
                problems -> telemetry.keys().refused());
        return authorization.service();
    }

    private void use(ApiKeys changed, AuthorizationEndpoint authorization) {
        authorization.use(changed, changed.callers());
        telemetry.keys().loaded();
        LOG.info("the keys were changed, there are {}", changed.callers().size());
    }

    private void watchLogin(Inputs inputs, EffectiveOptions effective, Store store) {
        RedisBuckets redis = store.redis();
        if (redis != null) {
            watcher.add(
                    inputs.loginFiles(),
                    changed -> {
                        redis.use(changed.address(effective.store().redis()));
                        telemetry.login().loaded();
                    },
                    problems -> telemetry.login().refused());
        }
    }

    private void listenBeside(Extension extension, Decider decider) throws IOException {
        for (Extension.Port port : extension.ports(decider::policy, this::page)) {
            HttpListener listener = listening(port.address(), at -> new HttpListener(at, port.pages()));
            open.add(listener::stop);
        }
    }

    /** Watches the certificates; returns null where gRPC is spoken in the clear. */
    private @Nullable LatestTls encryption(Inputs.@Nullable Certificates certificates) {
        if (certificates == null) {
            return null;
        }
        CertificateInForce inForce = new CertificateInForce(certificates.tls(), telemetry);
        inForce.begin(certificates.first());
        watcher.add(
                certificates.files(),
                inForce::use,
                problems -> telemetry.certificates().refused());
        return certificates.tls();
    }

    private static void missed(List<HeldReservation> held, Ends ends) {
        LOG.warn(
                "an Envoy has gone with {} requests under way or fewer that hold slots; these are freed, unless it shows that it lives",
                held.size());
        held.forEach(one -> ends.vacate(one.domain(), one.reservation()));
    }

    private void followSender(PolicySource.@Nullable Sent sender, Policy since, PolicyInForce policies) {
        if (sender != null) {
            open.add(sender::close);
            sender.useBy(since, policies::use, problems -> policies.refused(problems.size()));
        }
    }

    private static void warmUp(Buckets buckets) throws IOException {
        Decider decider = new Decider(WarmUp.POLICY, buckets, WARM_UP_AT_MOST);
        try (Telemetry scratch = new Telemetry(WarmUp.POLICY)) {
            Ends never = new Ends(decider, scratch, (delay, task) -> {});
            RateLimitEndpoint endpoint = new RateLimitEndpoint(decider, scratch, never, ReferenceAnswer::write);
            if (!WarmUp.run(endpoint, WARM_UP, WARM_UP_AT_MOST)) {
                throw unanswered(decider);
            }
        }
    }

    /** Asks once more, to learn why. */
    private static StoreUnreachableException unanswered(Decider decider) {
        try {
            decider.decide(WarmUp.request()).toCompletableFuture().join();
            return new StoreUnreachableException("the store answers, but too slowly");
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return new StoreUnreachableException("the store cannot be asked: " + cause.getMessage(), cause);
        }
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

    /** Returns the metrics, by the other names as well where there are any. */
    private String page() {
        return meters == null ? telemetry.page() : telemetry.page() + meters.page();
    }

    private void tellReady(ServerOptions options, Inputs inputs, Store store) {
        LOG.info(
                "ready: domains {}, policy {}, gRPC on {}, admin on port {}, buckets in {}, refusals to {}",
                inputs.policy().domains().keySet(),
                inputs.policy().version(),
                grpc.port() < 0 ? options.grpc() : "port " + grpc.port(),
                admin.port(),
                store,
                options.refusals());
        if (inputs.register() == null) {
            LOG.info("no --keys: external authorization is not served{}", admitting(inputs.policy()));
        }
    }

    private static String admitting(Policy policy) {
        boolean any = policy.domains().values().stream()
                .anyMatch(domain -> domain.settings().admit());
        return any ? ", and `admit: true` has no effect" : "";
    }

    GrpcServer grpc() {
        return grpc;
    }

    AdminServer admin() {
        return admin;
    }

    /** Says that others are to be called; calls are still answered. */
    void leave() {
        health.leave();
        accessLogs.leave();
    }

    /** Finishes the calls under way and closes everything. */
    void close() {
        open.run();
    }
}
