package dev.weir.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.envoy.listen.Connections;
import dev.weir.refusal.sink.RefusalTarget;
import dev.weir.refusal.sink.Rotation;
import dev.weir.server.RedisFiles;
import dev.weir.server.Server;
import dev.weir.server.ServerOptions;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The whole service on free ports, as {@code weir serve} starts it. */
public final class TestService implements AutoCloseable {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration OFTEN = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Server service;
    private final HttpClient http = HttpClient.newHttpClient();
    private boolean stopped;

    private TestService(
            Path policy,
            @Nullable Path keys,
            @Nullable String redis,
            @Nullable Path redisCa,
            Duration redisTimeout,
            SocketAddress grpc,
            Connections connections)
            throws Exception {
        this(policy, keys, new ServerOptions.Store(redis, redisCa, redisTimeout, ""), grpc, connections);
    }

    private TestService(
            Path policy, @Nullable Path keys, ServerOptions.Store store, SocketAddress grpc, Connections connections)
            throws Exception {
        service = Server.start(
                new ServerOptions(
                                policy,
                                keys,
                                store,
                                grpc,
                                ANY_PORT,
                                new RefusalTarget.Stdout(),
                                Rotation.of(1, 1),
                                OFTEN)
                        .with(connections),
                out);
    }

    public static TestService inMemory(Path policy, @Nullable Path keys) throws Exception {
        return new TestService(policy, keys, null, null, PATIENCE, ANY_PORT, Connections.PLAIN);
    }

    /** @param connections how its gRPC listener takes them */
    public static TestService inMemory(Path policy, @Nullable Path keys, Connections connections) throws Exception {
        return new TestService(policy, keys, null, null, PATIENCE, ANY_PORT, connections);
    }

    public static TestService onRedis(Path policy, @Nullable Path keys, String redis) throws Exception {
        return onRedis(policy, keys, redis, PATIENCE);
    }

    /** @param timeout how long it waits for an answer of Redis */
    public static TestService onRedis(Path policy, @Nullable Path keys, String redis, Duration timeout)
            throws Exception {
        return new TestService(policy, keys, redis, null, timeout, ANY_PORT, Connections.PLAIN);
    }

    /** @param port where another one was before */
    public static TestService onRedisAt(int port, Path policy, @Nullable Path keys, String redis) throws Exception {
        return new TestService(
                policy,
                keys,
                redis,
                null,
                PATIENCE,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                Connections.PLAIN);
    }

    public static TestService onRedisWithTls(Path policy, String redis, Path redisCa) throws Exception {
        return new TestService(policy, null, redis, redisCa, PATIENCE, ANY_PORT, Connections.PLAIN);
    }

    /** @param files that say where Redis is and who asks it */
    public static TestService onRedisOf(Path policy, RedisFiles files) throws Exception {
        ServerOptions.Store store = new ServerOptions.Store(null, null, null, PATIENCE, "", files, Duration.ZERO);
        return new TestService(policy, null, store, ANY_PORT, Connections.PLAIN);
    }

    public static TestService onSocket(Path policy, @Nullable Path keys, Path socket) throws Exception {
        return new TestService(
                policy, keys, null, null, PATIENCE, UnixDomainSocketAddress.of(socket), Connections.PLAIN);
    }

    public int grpcPort() {
        return service.grpcPort();
    }

    public int adminPort() {
        return service.adminPort();
    }

    /** A page of the admin listener. */
    public HttpResponse<String> page(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + service.adminPort() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The value of the metric whose name and labels are written so; 0 where it is not there. */
    public double metric(String nameAndLabels) throws Exception {
        return page("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(nameAndLabels + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(nameAndLabels.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    /** Waits until a metric has risen to {@code value}, as it does when Envoy's stream-done call has come. */
    public void awaitMetric(String nameAndLabels, double value) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        double seen = metric(nameAndLabels);
        while (seen < value && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            seen = metric(nameAndLabels);
        }
        assertEquals(value, seen, nameAndLabels);
    }

    /** Waits for the line that tells of a refusal and contains {@code part}. */
    public String awaitRefusal(String part) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline) {
            Optional<String> line = out.toString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(written -> written.contains(part))
                    .findFirst();
            if (line.isPresent()) {
                return line.get();
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        throw new AssertionError("no refusal with " + part + " in " + out.toString(StandardCharsets.UTF_8));
    }

    /** Stops the service and answers everything that it wrote as refusals. */
    public String refusals() {
        close();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        if (!stopped) {
            stopped = true;
            service.stop(Duration.ZERO);
        }
    }
}
