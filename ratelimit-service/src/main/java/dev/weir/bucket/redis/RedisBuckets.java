package dev.weir.bucket.redis;

import dev.weir.bucket.Admission;
import dev.weir.bucket.AtEnd;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.Level;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Settled;
import dev.weir.bucket.StoreAddressException;
import dev.weir.bucket.StoreUnreachableException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Buckets in Redis, shared by all replicas. A script makes one decision whole, in one round trip and by Redis's own clock, so
 * replicas need not agree about the time. While Redis is away calls fail at once, and none is ever sent twice. A call that runs into
 * the time-out may still be charged, once.
 */
public final class RedisBuckets implements Buckets {
    private static final String THE_STORES_CLOCK = "";
    private static final int ARGUMENTS_PER_CHARGE = 8;
    private static final Map<AtEnd, String> AT_END = Map.of(AtEnd.STAYS, "0", AtEnd.SETTLES, "1", AtEnd.FREES, "2");
    private static final String[] NONE = {};

    private static final int CALLS_UNDER_WAY = 10_000;
    private static final Duration RECONNECT = Duration.ofMillis(500);
    private static final Duration GONE_AFTER = Duration.ofSeconds(5);

    private final ClientResources resources;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final Supplier<String> now;
    private final Script admit;
    private final Script settle;

    /**
     * Connects.
     *
     * @param timeout how long a call may take; meant to be shorter than Envoy's own time-out
     * @throws StoreAddressException if the URL is not one of Redis
     * @throws StoreUnreachableException if Redis cannot be reached
     */
    public static RedisBuckets connect(String url, Duration timeout) {
        return connect(url, timeout, () -> THE_STORES_CLOCK);
    }

    /** @param now for tests: the time of a call in microseconds */
    static RedisBuckets connect(String url, Duration timeout, Supplier<String> now) {
        RedisURI address = address(url);
        ClientResources resources = ClientResources.builder()
                .reconnectDelay(Delay.constant(RECONNECT))
                .build();
        RedisClient client = RedisClient.create(resources, address);
        client.setOptions(options(timeout));
        try {
            return new RedisBuckets(resources, client, client.connect(), now);
        } catch (RedisException e) {
            client.shutdown();
            shutDown(resources);
            throw new StoreUnreachableException(
                    "Redis cannot be reached: " + e.getMessage() + ": "
                            + innermost(e).getMessage(),
                    e);
        }
    }

    private static ClientOptions options(Duration timeout) {
        return ClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                // A script that was sent may have run: sent again after a reconnect it would charge twice.
                .replayFilter(command -> true)
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                // A Redis that hangs runs what it was sent when it wakes up: neither memory nor that may grow without
                // end.
                .requestQueueSize(CALLS_UNDER_WAY)
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
            StatefulRedisConnection<String, String> connection,
            Supplier<String> now) {
        this.resources = resources;
        this.client = client;
        this.connection = connection;
        this.now = now;
        this.admit = script("admit.lua");
        this.settle = script("settle.lua");
    }

    private Script script(String last) {
        return new Script(
                connection.async(),
                "sliding_window.lua",
                "token_bucket.lua",
                "fixed_window.lua",
                "slots.lua",
                "buckets.lua",
                last);
    }

    @Override
    public CompletionStage<Outcome> admit(Admission admission) {
        List<Charge> charges = admission.charges();
        String reservation = admission.reservation();
        String time = now.get();
        List<String> keys = new ArrayList<>(charges.size() + 1);
        List<String> arguments = new ArrayList<>(2 + ARGUMENTS_PER_CHARGE * charges.size());
        arguments.add(time);
        arguments.add(reservation == null ? "0" : Long.toString(admission.reservationMicros() / 1000));
        for (Charge charge : charges) {
            keys.add(charge.bucket());
            arguments.add(Long.toString(charge.algorithm().most()));
            arguments.add(Long.toString(charge.amount()));
            arguments.add(AT_END.get(charge.atEnd()));
            Figures.add(charge.algorithm(), time, arguments);
        }
        if (reservation != null) {
            keys.add(reservation);
        }
        return admit.run(keys.toArray(NONE), arguments.toArray(NONE)).thenApply(RedisBuckets::outcome);
    }

    private static Outcome outcome(List<Long> answer) {
        List<Level> levels = new ArrayList<>(answer.size() / 3);
        for (int i = 1; i < answer.size(); i += 3) {
            levels.add(new Level(answer.get(i), answer.get(i + 1), answer.get(i + 2)));
        }
        return answer.get(0) == 1 ? new Outcome.Admitted(levels) : new Outcome.Refused(levels);
    }

    @Override
    public CompletionStage<Settled> settle(String reservation, OptionalLong tokens) {
        String used = tokens.isPresent() ? Long.toString(tokens.getAsLong()) : "";
        return settle.run(new String[] {reservation}, new String[] {now.get(), used})
                .thenApply(answer -> switch (answer.get(0).intValue()) {
                    case 0 -> Settled.UNKNOWN;
                    case 1 -> new Settled(Settled.Kind.KEPT, answer.get(1), answer.get(1));
                    default -> new Settled(Settled.Kind.SETTLED, answer.get(1), Long.parseLong(used));
                });
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
