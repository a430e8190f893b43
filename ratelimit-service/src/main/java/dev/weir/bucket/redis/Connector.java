package dev.weir.bucket.redis;

import dev.weir.bucket.StoreAddressException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.TimeoutOptions.TimeoutSource;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.GenericMapOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections by Lettuce, which is set to do no more than that: it neither reconnects nor sends a call again by itself. A connection
 * is handed out once the server behind it has shown that it serves: it is no replica, no node of a cluster, and has its data.
 */
final class Connector implements Link.Line<StatefulRedisConnection<String, byte[]>>, AutoCloseable {
    /** The longest time for a first try, since a JVM starts slowly; later a name may lead elsewhere before a try has taken so long. */
    private static final Duration FIRST_WITHIN = Duration.ofSeconds(3);

    private static final Duration WITHIN = Duration.ofSeconds(2);
    private static final Duration GONE_AFTER = Duration.ofSeconds(5);
    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
    /** Commands about the server, which no request waits for. */
    private static final Set<ProtocolKeyword> UNHURRIED =
            Set.of(CommandType.HELLO, CommandType.SCRIPT, CommandType.INFO);

    private static final int LONGEST_REASON = 300;

    private final ClientResources resources;
    private final RedisClient client;
    private final EventExecutor thread;
    private final RedisSettings settings;
    private final List<Script> scripts;

    /** @param scripts what each new connection asks its server to learn */
    Connector(RedisSettings settings, List<Script> scripts) {
        this.settings = settings;
        this.scripts = scripts;
        SslOptions tls = Tls.of(settings.authorities(), settings.client());
        resources = ClientResources.builder()
                .addressResolverGroup(Names.askedAnew())
                .build();
        thread = resources.eventExecutorGroup().next();
        client = RedisClient.create(resources);
        client.setOptions(options(settings.timeout(), tls));
    }

    private static ClientOptions options(Duration timeout, SslOptions tls) {
        return ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                // A script that was sent may have run: sent again after a reconnect it would charge twice.
                .replayFilter(command -> true)
                .timeoutOptions(TimeoutOptions.builder()
                        .timeoutSource(new Timeouts(timeout.toMillis()))
                        .build())
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .sslOptions(tls)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(FIRST_WITHIN)
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

    private static final class Timeouts extends TimeoutSource {
        private final long millis;

        Timeouts(long millis) {
            this.millis = millis;
        }

        @Override
        public long getTimeout(@Nullable RedisCommand<?, ?, ?> command) {
            return command != null && UNHURRIED.contains(command.getType()) ? FIRST_WITHIN.toMillis() : millis;
        }
    }

    @Override
    public CompletionStage<StatefulRedisConnection<String, byte[]>> open(RedisAddress address, boolean first) {
        Duration within = first ? FIRST_WITHIN : WITHIN;
        CompletableFuture<StatefulRedisConnection<String, byte[]>> opened;
        try {
            RedisURI uri = address.uri();
            if (!settings.authorities().isEmpty() && !uri.isSsl()) {
                throw new StoreAddressException(
                        "not encrypted, so no certificate is checked; write rediss://HOST:PORT");
            }
            uri.setTimeout(within);
            opened = client.connectAsync(CODEC, uri).toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        return opened.thenCompose(this::tried)
                .orTimeout(within.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((connection, failure) -> {
                    if (failure != null) {
                        var unused = opened.thenAccept(this::close);
                    }
                });
    }

    private CompletionStage<StatefulRedisConnection<String, byte[]>> tried(
            StatefulRedisConnection<String, byte[]> connection) {
        RedisAsyncCommands<String, byte[]> redis = connection.async();
        CompletionStage<Void> served = whatItIs(redis).thenAccept(Connector::mustServe);
        for (Script script : scripts) {
            served = served.thenCombine(known(script, redis), (nothing, same) -> null);
        }
        return served.thenApply(nothing -> connection);
    }

    /** Returns what the server says about itself; nothing where it does not know the question, as old and foreign ones may not. */
    private static CompletionStage<Map<String, Object>> whatItIs(RedisAsyncCommands<String, byte[]> redis) {
        CompletionStage<Map<String, Object>> hello =
                redis.dispatch(CommandType.HELLO, new GenericMapOutput<>(CODEC), new CommandArgs<>(CODEC).add(3));
        return hello.handle((answer, failure) -> failure == null
                        ? CompletableFuture.completedFuture(answer)
                        : orNothing(failure, Map.<String, Object>of()))
                .thenCompose(stage -> stage);
    }

    private static void mustServe(Map<String, Object> server) {
        if (is("cluster", server.get("mode"))) {
            throw new StoreAddressException(ofCluster());
        }
        if (is("replica", server.get("role"))) {
            throw new IllegalStateException("READONLY this server is a replica, which takes no writes");
        }
    }

    /** Says what to do about a cluster. */
    static String ofCluster() {
        return "a Redis cluster, even if of one node, which Weir does not support: a decision is one script over all buckets of a"
                + " request. Name one Redis or Valkey with cluster-enabled no, or in a managed service with cluster mode disabled";
    }

    private static boolean is(String word, @Nullable Object said) {
        return said instanceof byte[] bytes && word.equals(new String(bytes, StandardCharsets.UTF_8));
    }

    /** Teaches the server a script. A server that is still loading its data fails here, and not with the first request. */
    private static CompletionStage<String> known(Script script, RedisAsyncCommands<String, byte[]> redis) {
        return script.load(redis)
                .handle((digest, failure) ->
                        failure == null ? CompletableFuture.completedFuture(digest) : orNothing(failure, ""))
                .thenCompose(stage -> stage);
    }

    /** Returns {@code nothing} where the user may not ask such a thing: that user may still do all that a request needs. */
    private static <T> CompletableFuture<T> orNothing(Throwable failure, T nothing) {
        boolean mayNot = Script.causeOf(failure) instanceof RedisCommandExecutionException error
                && String.valueOf(error.getMessage()).matches("(?s)(NOPERM|ERR) .*");
        return mayNot ? CompletableFuture.completedFuture(nothing) : CompletableFuture.failedFuture(failure);
    }

    @Override
    public void whenBroken(StatefulRedisConnection<String, byte[]> connection, Runnable broken) {
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> same) {
                broken.run();
            }
        });
        if (!connection.isOpen()) {
            broken.run();
        }
    }

    @Override
    public void close(StatefulRedisConnection<String, byte[]> connection) {
        var unused = connection.closeAsync();
    }

    @Override
    public void retire(StatefulRedisConnection<String, byte[]> connection) {
        later(settings.timeout().plusSeconds(1), () -> close(connection));
    }

    @Override
    public void later(Duration pause, Runnable task) {
        // After that, only what a closed store still hears of comes here.
        if (!thread.isShuttingDown()) {
            var unused = thread.schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public String reason(Throwable failure) {
        if (failure instanceof StoreAddressException) {
            return "it is " + failure.getMessage();
        }
        Throwable cause = innermost(failure);
        String reason = cause instanceof TimeoutException
                ? "it answered nothing for too long; is it Redis, and does it speak TLS just where the URL begins with rediss://?"
                : Tls.reason(cause);
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "...";
    }

    /** Returns the cause that tells what happened; those around it tell only that it did. */
    private static Throwable innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
