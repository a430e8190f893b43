package dev.weir.bucket.redis;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Settled;
import dev.weir.bucket.StoreAddressException;
import dev.weir.bucket.StoreUnreachableException;
import dev.weir.bucket.Usage;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Buckets in Redis, shared by all replicas. A script makes each decision whole and by Redis's own clock, so replicas need not agree
 * about the time. Requests that arrive while Redis is at work go to it together, see {@link Batcher}. While Redis is away calls fail
 * at once, and none is ever sent twice. A call that runs into the time-out may still be charged, once.
 */
public final class RedisBuckets implements Buckets {
    private static final String THE_STORES_CLOCK = "";
    /** In one call. Redis does nothing else while it runs: a few milliseconds. */
    private static final int MOST_CHARGES = 512;

    private static final int MOST_SETTLEMENTS = 128;

    private static final int MOST_WAITING = 10_000;
    private static final Duration RECONNECT = Duration.ofMillis(500);
    private static final Duration GONE_AFTER = Duration.ofSeconds(5);

    private static final RedisCodec<String, byte[]> KEYS_AND_BYTES =
            RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    private final ClientResources resources;
    private final RedisClient client;
    private final StatefulRedisConnection<String, byte[]> connection;
    private final String prefix;
    private final Supplier<String> now;
    private final Script admit;
    private final Script settle;
    private final Unheard unheard = new Unheard(MOST_WAITING);
    private final Batcher<Admission, AdmitCall.Answer> admissions;
    private final Batcher<SettleCall.Step, Settled> settlements;

    /**
     * Connects.
     *
     * @param timeout how long a call may take; meant to be shorter than Envoy's own time-out
     * @throws StoreAddressException if the URL is not one of Redis
     * @throws StoreUnreachableException if Redis cannot be reached
     */
    public static RedisBuckets connect(String url, Duration timeout) {
        return connect(url, timeout, List.of(), "");
    }

    /**
     * Connects, by TLS.
     *
     * @param authorities who may have signed Redis's certificate; empty leaves that to the JVM
     * @param prefix what the names of all keys begin with; may be empty
     * @throws StoreAddressException if the URL is not one of Redis, or one without TLS in spite of {@code authorities}
     * @throws StoreUnreachableException if Redis cannot be reached, or its certificate is not trusted
     */
    public static RedisBuckets connect(String url, Duration timeout, List<X509Certificate> authorities, String prefix) {
        return connect(url, timeout, authorities, null, prefix);
    }

    /**
     * Connects, by TLS, and shows a certificate.
     *
     * @param authorities who may have signed Redis's certificate; empty leaves that to the JVM
     * @param client null shows none
     * @param prefix what the names of all keys begin with; may be empty
     * @throws StoreAddressException if the URL is not one of Redis, or one without TLS in spite of {@code authorities}
     * @throws StoreUnreachableException if Redis cannot be reached, its certificate is not trusted, or ours cannot be used
     */
    public static RedisBuckets connect(
            String url,
            Duration timeout,
            List<X509Certificate> authorities,
            @Nullable ClientCertificate client,
            String prefix) {
        return connect(url, timeout, authorities, client, prefix, () -> THE_STORES_CLOCK);
    }

    /** @param now for tests: the time of a call in microseconds */
    static RedisBuckets connect(String url, Duration timeout, Supplier<String> now) {
        return connect(url, timeout, List.of(), null, "", now);
    }

    private static RedisBuckets connect(
            String url,
            Duration timeout,
            List<X509Certificate> authorities,
            @Nullable ClientCertificate client,
            String prefix,
            Supplier<String> now) {
        RedisURI address = address(url);
        if (!authorities.isEmpty() && !address.isSsl()) {
            throw new StoreAddressException("not encrypted, so no certificate is checked; write rediss://HOST:PORT");
        }
        ClientResources resources = ClientResources.builder()
                .reconnectDelay(Delay.constant(RECONNECT))
                .build();
        RedisClient redis = RedisClient.create(resources, address);
        try {
            redis.setOptions(options(timeout, Tls.of(authorities, client)));
            return new RedisBuckets(resources, redis, redis.connect(KEYS_AND_BYTES), prefix, now);
        } catch (RedisException | IllegalArgumentException e) {
            redis.shutdown();
            shutDown(resources);
            throw new StoreUnreachableException(
                    "Redis cannot be reached: " + e.getMessage() + ": " + Tls.reason(innermost(e)), e);
        }
    }

    private static ClientOptions options(Duration timeout, SslOptions tls) {
        return ClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                // A script that was sent may have run: sent again after a reconnect it would charge twice.
                .replayFilter(command -> true)
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                .sslOptions(tls)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(Duration.ofSeconds(5))
                        .keepAlive(KeepAliveOptions.builder()
                                .enable()
                                .idle(GONE_AFTER)
                                .interval(Duration.ofSeconds(1))
                                .count(3)
                                .build())
                        .tcpUserTimeout(TcpUserTimeoutOptions.builder()
                                .enable()
                                .tcpUserTimeout(GONE_AFTER)
                                .build())
                        .build())
                .build();
    }

    /** Without the exception's words, which may quote the URL and with it the password. */
    private static RedisURI address(String url) {
        try {
            return RedisURI.create(url);
        } catch (IllegalArgumentException e) {
            throw new StoreAddressException("not a URL such as redis://HOST:PORT");
        }
    }

    /** Tells what happened; those around it only that it did. */
    private static Throwable innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private RedisBuckets(
            ClientResources resources,
            RedisClient client,
            StatefulRedisConnection<String, byte[]> connection,
            String prefix,
            Supplier<String> now) {
        this.resources = resources;
        this.client = client;
        this.connection = connection;
        this.prefix = prefix;
        this.now = now;
        admit = script("admit.lua");
        settle = script("settle.lua");
        admissions =
                new Batcher<>(this::admitAll, admission -> admission.charges().size(), MOST_CHARGES, MOST_WAITING);
        settlements = new Batcher<>(this::settleAll, settlement -> 1, MOST_SETTLEMENTS, MOST_WAITING);
    }

    private Script script(String last) {
        return new Script(
                connection.async(),
                prefix,
                "sliding_window.lua",
                "token_bucket.lua",
                "fixed_window.lua",
                "counter.lua",
                "slots.lua",
                "buckets.lua",
                last);
    }

    @Override
    public CompletionStage<Outcome> admit(Admission admission) {
        return admissions.submit(admission).thenApply(AdmitCall.Answer::outcome);
    }

    private CompletionStage<List<AdmitCall.Answer>> admitAll(List<Admission> batch) {
        if (!connection.isOpen()) {
            return CompletableFuture.failedFuture(notConnected());
        }
        return admit.run(AdmitCall.of(batch, now.get()))
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        unheard.add(reservations(batch), failure);
                    }
                    endUnheard();
                })
                .thenApply(answer -> AdmitCall.answers(batch, answer, prefix));
    }

    private static List<String> reservations(List<Admission> batch) {
        return batch.stream()
                .map(Admission::reservation)
                .filter(Objects::nonNull)
                .toList();
    }

    private CompletionStage<List<Settled>> settleAll(List<SettleCall.Step> batch) {
        if (!connection.isOpen()) {
            return CompletableFuture.failedFuture(notConnected());
        }
        return settle.run(SettleCall.of(batch, now.get()))
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        unheard.add(SettleCall.toldByNobodyElse(batch), failure);
                    }
                })
                .thenApply(answer -> SettleCall.settled(batch, answer));
    }

    /** Not behind what waits: it follows on the same connection, so Redis takes it after the admissions, whenever that is. */
    private void endUnheard() {
        List<SettleCall.Step> ends = connection.isOpen() ? unheard.takeEnds(MOST_SETTLEMENTS) : List.of();
        if (!ends.isEmpty()) {
            settleAll(ends);
        }
    }

    private static StoreUnreachableException notConnected() {
        return new StoreUnreachableException("Redis is not connected");
    }

    @Override
    public CompletionStage<Settled> settle(String reservation, Usage usage) {
        return settlements.submit(new SettleCall.End(reservation, usage));
    }

    @Override
    public CompletionStage<Boolean> renew(String reservation, long micros) {
        return settlements
                .submit(new SettleCall.Renewal(reservation, micros / 1_000))
                .thenApply(settled -> settled.kind() != Settled.Kind.UNKNOWN);
    }

    @Override
    public CompletionStage<Boolean> vacate(String reservation) {
        return settlements
                .submit(new SettleCall.Vacancy(reservation))
                .thenApply(settled -> settled.kind() != Settled.Kind.UNKNOWN);
    }

    /** Not at once, which does no harm: each reservation is vacated whole, and a slot whose reservation is gone is nobody's. */
    @Override
    public CompletionStage<Integer> vacateAll(String bucket) {
        if (!connection.isOpen()) {
            return CompletableFuture.failedFuture(notConnected());
        }
        String key = prefix + bucket;
        return connection
                .async()
                .zrange(key, 0, -1)
                .thenCompose(slots -> slots.isEmpty()
                        ? CompletableFuture.completedFuture(0)
                        : vacateEach(slots)
                                .thenCompose(done -> connection.async().zrem(key, slots.toArray(byte[][]::new)))
                                .thenApply(left -> slots.size()));
    }

    private CompletionStage<Void> vacateEach(List<byte[]> slots) {
        return CompletableFuture.allOf(slots.stream()
                .map(slot -> new String(slot, StandardCharsets.UTF_8).substring(prefix.length()))
                .map(reservation -> vacate(reservation).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        shutDown(resources);
    }

    private static void shutDown(ClientResources resources) {
        resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
