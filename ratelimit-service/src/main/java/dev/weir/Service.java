package dev.weir;

import dev.weir.admin.AdminServer;
import dev.weir.admin.ExplainPage;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.StoreUnreachableException;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.bucket.redis.RedisBuckets;
import dev.weir.config.CertificateFile;
import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.decide.Decider;
import dev.weir.decide.DecisionListener;
import dev.weir.envoy.AuthorizationEndpoint;
import dev.weir.envoy.GrpcServer;
import dev.weir.envoy.RateLimitEndpoint;
import dev.weir.envoy.WarmUp;
import dev.weir.identity.ApiKeyReader;
import dev.weir.identity.ApiKeys;
import dev.weir.policy.Limit;
import dev.weir.policy.Policy;
import dev.weir.policy.PolicyReader;
import dev.weir.refusal.RefusalLog;
import dev.weir.refusal.StreamSink;
import dev.weir.telemetry.Telemetry;
import dev.weir.telemetry.TroubleLog;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All wiring, top to bottom. */
public final class Service {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);
    private static final Duration LAST_CALLS = Duration.ofSeconds(5);
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final int REFUSALS_WAITING = 8_192;
    private static final int MOST_BUCKETS = 1_000_000;
    /** With its name and its place in a table; measured, rounded up. */
    private static final int BYTES_PER_BUCKET = 1_000;

    /**
     * What the command line says.
     *
     * @param redis null keeps the buckets in memory
     * @param redisCa null leaves it to the JVM whose certificates are trusted
     * @param keys null serves no external authorization
     */
    public record Options(
            Path policy,
            @Nullable Path keys,
            @Nullable String redis,
            @Nullable Path redisCa,
            Duration redisTimeout,
            SocketAddress grpc,
            InetSocketAddress admin) {}

    private final Buckets buckets;
    private final Telemetry telemetry;
    private final RefusalLog refusals;
    private final GrpcServer grpc;
    private final AdminServer admin;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean ready;

    /**
     * Reads the files, connects, warms up and is ready.
     *
     * @param out where refusals are written
     * @throws ConfigException with all problems of the files
     * @throws StoreUnreachableException if Redis cannot be reached, or cannot be written to
     * @throws IOException if an address is taken
     */
    public static Service start(Options options, PrintStream out) throws ConfigException, IOException {
        Files files = Files.read(options);
        Buckets buckets = options.redis() == null
                ? new MemoryBuckets(bucketsInMemory(), monotonicMicros())
                : RedisBuckets.connect(options.redis(), options.redisTimeout(), files.authorities());
        try {
            return new Service(options, files, buckets, out);
        } catch (IOException | RuntimeException e) {
            buckets.close();
            throw e;
        }
    }

    private Service(Options options, Files files, Buckets buckets, PrintStream out) throws IOException {
        telemetry = new Telemetry(files.policy());
        refusals = new RefusalLog(new StreamSink(out), Clock.systemUTC(), REFUSALS_WAITING, () -> null);
        if (buckets instanceof MemoryBuckets memory) {
            telemetry.watch(memory);
            this.buckets = memory;
        } else {
            this.buckets = telemetry.timed(buckets);
        }
        DecisionListener listener =
                DecisionListener.both(telemetry, DecisionListener.both(refusals, new TroubleLog(System::nanoTime)));
        Decider decider = new Decider(files.policy(), this.buckets, Limit.RESERVATION);
        List<ServerServiceDefinition> services = new ArrayList<>();
        services.add(new RateLimitEndpoint(decider, listener).service());
        if (files.keys() != null) {
            services.add(new AuthorizationEndpoint(files.keys(), telemetry).service());
        }

        ExplainPage explanations = new ExplainPage(decider::policy, buckets);
        admin = new AdminServer(options.admin(), () -> ready, telemetry::page, explanations);
        try {
            grpc = new GrpcServer(options.grpc(), services);
        } catch (IOException e) {
            admin.stop();
            throw e;
        }
        refusals.start();
        try {
            warmUp();
        } catch (IOException | RuntimeException e) {
            grpc.stop(Duration.ZERO);
            admin.stop();
            refusals.close();
            throw e;
        }
        grpc.serving();
        ready = true;
        LOG.info(
                "ready: {} domains, gRPC on {}, admin on port {}, buckets in {}",
                files.policy().domains().size(),
                grpc.port() < 0 ? options.grpc() : "port " + grpc.port(),
                admin.port(),
                options.redis() == null ? "memory, at most " + bucketsInMemory() : "Redis");
        if (files.keys() == null) {
            LOG.info("no --keys: external authorization is not served");
        }
    }

    private void warmUp() throws IOException {
        try (Telemetry scratch = new Telemetry(WarmUp.POLICY)) {
            WarmUp.run(new RateLimitEndpoint(new Decider(WarmUp.POLICY, buckets, WARM_UP), scratch), WARM_UP);
        } catch (StatusRuntimeException e) {
            throw new StoreUnreachableException(String.valueOf(e.getStatus().getDescription()), e);
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
        ready = false;
        grpc.leaving();
        LOG.info("leaving: health checks fail, calls are still answered");
        drain.run();
        grpc.stop(LAST_CALLS);
        buckets.close();
        refusals.close();
        admin.stop();
        telemetry.close();
        stopped.countDown();
    }

    public void awaitStop() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What people wrote, all of it read before anything starts. */
    private record Files(Policy policy, @Nullable ApiKeys keys, List<X509Certificate> authorities) {
        static Files read(Options options) throws ConfigException {
            List<Problem> problems = new ArrayList<>();
            Policy policy = null;
            ApiKeys keys = null;
            List<X509Certificate> authorities = List.of();
            try {
                policy = PolicyReader.read(options.policy());
            } catch (ConfigException e) {
                problems.addAll(e.problems());
            }
            try {
                keys = options.keys() == null ? null : ApiKeyReader.read(options.keys());
            } catch (ConfigException e) {
                problems.addAll(e.problems());
            }
            try {
                authorities = options.redisCa() == null ? List.of() : CertificateFile.read(options.redisCa());
            } catch (ConfigException e) {
                problems.addAll(e.problems());
            }
            if (policy == null || !problems.isEmpty()) {
                throw new ConfigException(problems);
            }
            return new Files(policy, keys, authorities);
        }
    }
}
