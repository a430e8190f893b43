package dev.weir.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import redis.embedded.RedisExecProvider;
import redis.embedded.RedisServer;

/** A Redis of a test's own, the real server, on a free port. */
public final class RealRedis implements AutoCloseable {
    private static final int LOWEST_FREE = 16_384;
    private static final int FIRST_EPHEMERAL = 32_768;

    private final int port;
    private final RedisServer server;

    private RealRedis(int port) throws IOException {
        this.port = port;
        this.server = RedisServer.builder()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .build();
    }

    public static RealRedis start() {
        return startAt(freePort());
    }

    public static RealRedis startAt(int port) {
        try {
            RealRedis redis = new RealRedis(port);
            redis.server.start();
            return redis;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server's program, a copy of its own. */
    public static Path program() throws IOException {
        return RedisExecProvider.defaultProvider().get().toPath();
    }

    /**
     * A port that nobody listens on: below those that Linux gives to whoever connects somewhere, so that no connection takes it before
     * the server that it is for does.
     */
    public static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_FREE, FIRST_EPHEMERAL);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Taken; another is not.
            }
        }
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** What it answers to a command, in its protocol. */
    public String tell(String command) {
        return ask(command);
    }

    /** Forgets everything. */
    public void flush() {
        ask("FLUSHALL");
    }

    /** Runs no script from now on, and so no call of the service; they wait, in their order, until {@link #resume}. */
    public void pause() {
        ask("CLIENT PAUSE 600000 WRITE");
    }

    public void resume() {
        ask("CLIENT UNPAUSE");
    }

    /** Waits until a call waits in a paused Redis. A service that an Envoy is connected to also writes that it is, every second. */
    public void awaitHeldCall() {
        Await.until("a call that waits", () -> ask("INFO clients").contains("blocked_clients:1"));
    }

    private String ask(String command) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again, empty, where it was. */
    public void restart() throws IOException {
        server.start();
    }

    @Override
    public void close() {
        server.stop();
    }
}
