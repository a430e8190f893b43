package dev.weir.bucket.redis;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.Level;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Settled;
import dev.weir.bucket.StoreUnreachableException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Buckets in Redis, shared by all replicas. A script makes one decision whole, in one round trip and by Redis's own clock, so
 * replicas need not agree about the time. While Redis is away calls fail at once; they are never queued or sent twice.
 */
public final class RedisBuckets implements Buckets {
    private static final String THE_STORES_CLOCK = "";
    private static final int ARGUMENTS_PER_CHARGE = 8;
    private static final String[] NONE = {};

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final Supplier<String> now;
    private final Script admit;
    private final Script settle;

    /**
     * Connects.
     *
     * @param timeout how long a call may take; meant to be shorter than Envoy's own time-out
     * @throws IllegalArgumentException if the URL is not one of Redis
     * @throws StoreUnreachableException if Redis cannot be reached
     */
    public static RedisBuckets connect(String url, Duration timeout) {
        return connect(url, timeout, () -> THE_STORES_CLOCK);
    }

    /** @param now for tests: the time of a call in microseconds */
    static RedisBuckets connect(String url, Duration timeout, Supplier<String> now) {
        RedisClient client = RedisClient.create(RedisURI.create(url));
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                // A script that was sent may have run: sent again after a reconnect it would charge twice.
                .replayFilter(command -> true)
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(Duration.ofSeconds(5))
                        .keepAlive(true)
                        .build())
                .build());
        try {
            return new RedisBuckets(client, client.connect(), now);
        } catch (RedisException e) {
            client.shutdown();
            throw new StoreUnreachableException(
                    "Redis cannot be reached: " + e.getMessage() + ": "
                            + innermost(e).getMessage(),
                    e);
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

    private RedisBuckets(RedisClient client, StatefulRedisConnection<String, String> connection, Supplier<String> now) {
        this.client = client;
        this.connection = connection;
        this.now = now;
        this.admit = script("admit.lua");
        this.settle = script("settle.lua");
    }

    private Script script(String last) {
        return new Script(
                connection.async(), "sliding_window.lua", "token_bucket.lua", "fixed_window.lua", "buckets.lua", last);
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
            arguments.add(charge.estimated() ? "1" : "0");
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
    }
}
