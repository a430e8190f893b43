package dev.weir.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server that speaks Redis's protocol, as a program of a test's own, on a free port. */
public final class ServerProgram implements AutoCloseable {
    /** Part of the line by which Redis and Valkey say so. */
    static final String READY = "Ready to accept connections";

    /** A node of a cluster has a second port, 10,000 above. */
    private static final int HIGHEST_WITH_A_BUS = 55_535;

    private final ChildProcess process;
    private final String url;

    private ServerProgram(Path program, String url, List<String> settings) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(settings);
        this.process = new ChildProcess(command, READY);
        this.url = url;
        process.awaitReady();
    }

    public static ServerProgram start(Path program) {
        int port = RealRedis.freePort();
        return new ServerProgram(program, "redis://127.0.0.1:" + port, settings(port));
    }

    /** @param folder where it writes what it writes, as a replica does */
    public static ServerProgram startIn(Path folder, Path program, String... more) {
        int port = RealRedis.freePort();
        while (port > HIGHEST_WITH_A_BUS) {
            port = RealRedis.freePort();
        }
        List<String> settings = new ArrayList<>(settings(port));
        settings.addAll(List.of("--dir", folder.toString()));
        settings.addAll(List.of(more));
        return new ServerProgram(program, "redis://127.0.0.1:" + port, settings);
    }

    /**
     * With a configuration file, but for address and port.
     *
     * @param user and password, as they stand in a URL
     */
    public static ServerProgram startWithConfig(Path program, Path config, String user) {
        int port = RealRedis.freePort();
        List<String> settings = List.of(config.toString(), "--port", Integer.toString(port), "--bind", "127.0.0.1");
        return new ServerProgram(program, "redis://" + user + "@127.0.0.1:" + port, settings);
    }

    /** By TLS alone, and with a user {@code weir} whose password is {@code s3cret}. */
    public static ServerProgram startWithTls(Path program, Path certificates, Path key) {
        int port = RealRedis.freePort();
        List<String> settings = new ArrayList<>(settings(0));
        settings.addAll(List.of("--tls-port", Integer.toString(port)));
        settings.addAll(List.of("--tls-cert-file", certificates.toString(), "--tls-key-file", key.toString()));
        settings.addAll(List.of("--tls-auth-clients", "no"));
        settings.addAll(List.of("--user", "weir", "on", ">s3cret", "~w1:*", "+@all"));
        return new ServerProgram(program, "rediss://127.0.0.1:" + port, settings);
    }

    /** For the loopback alone, and nothing on disk. */
    static List<String> settings(int port) {
        return List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", "");
    }

    public String url() {
        return url;
    }

    @Override
    public void close() {
        process.close();
    }
}
