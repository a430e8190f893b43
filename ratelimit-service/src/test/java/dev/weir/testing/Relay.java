package dev.weir.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands before a server, on a port of its own, and holds back, slows down or loses what the server answers or is asked while a test
 * wants it to, or leads elsewhere.
 */
public final class Relay implements AutoCloseable {
    private enum Answers {
        PASS,
        HOLD,
        LOSE
    }

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new ArrayList<>();
    private final Set<Socket> silent = new HashSet<>();
    private final Set<Socket> swallowing = new HashSet<>();
    private int server;
    private Answers answers = Answers.PASS;
    private int withheld;
    private double bytesPerSecond = Double.POSITIVE_INFINITY;

    private Relay(int server) throws IOException {
        this.server = server;
    }

    /** @param server the port of the loopback where the server is */
    public static Relay before(int server) throws IOException {
        Relay relay = new Relay(server);
        run("relay", relay::accept);
        return relay;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Answers wait from now on. */
    public void hold() {
        become(Answers.HOLD);
    }

    /** Answers, those that wait too, do not arrive from now on. */
    public void lose() {
        become(Answers.LOSE);
    }

    /** Answers arrive one after the other from now on, so many bytes a second. */
    public synchronized void slow(double newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
    }

    /** Answers arrive from now on, those that wait too. */
    public void pass() {
        become(Answers.PASS);
    }

    /** On the connections of now answers do not arrive any more, and they stay open. On new ones answers arrive. */
    public synchronized void silence() {
        silent.addAll(sockets);
    }

    /** What is asked on the connections of now does not arrive any more, and they stay open. On new ones it does. */
    public synchronized void swallow() {
        swallowing.addAll(sockets);
    }

    private synchronized boolean swallows(Socket near) {
        return swallowing.contains(near);
    }

    /** New connections lead to this port of the loopback from now on. */
    public synchronized void leadTo(int other) {
        server = other;
    }

    private synchronized int server() {
        return server;
    }

    private synchronized void become(Answers wanted) {
        answers = wanted;
        withheld = 0;
        notifyAll();
    }

    /** Ends all connections, and what waits in them is lost; on new ones answers arrive. */
    public synchronized void cut() {
        sockets.forEach(Relay::close);
        sockets.clear();
        pass();
    }

    /** Whether something has been held back or lost since it was asked for. */
    public synchronized boolean hasWithheld() {
        return withheld > 0;
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket near = listener.accept();
            Socket far = new Socket(InetAddress.getLoopbackAddress(), server());
            synchronized (this) {
                sockets.add(near);
                sockets.add(far);
            }
            run("questions", () -> questions(near, far));
            run("answers", () -> answers(near, far));
        }
    }

    private void questions(Socket near, Socket far) throws IOException {
        try (near;
                far) {
            InputStream in = near.getInputStream();
            byte[] bytes = new byte[8_192];
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                if (!swallows(near)) {
                    far.getOutputStream().write(bytes, 0, length);
                }
            }
        }
    }

    private void answers(Socket near, Socket far) throws IOException, InterruptedException {
        try (near;
                far) {
            InputStream in = far.getInputStream();
            byte[] bytes = new byte[8_192];
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                answer(near, bytes, length);
            }
        }
    }

    /** Under the lock, so that nothing arrives while connections are cut. */
    private synchronized void answer(Socket near, byte[] bytes, int length) throws IOException, InterruptedException {
        withheld += answers == Answers.PASS ? 0 : 1;
        while (answers == Answers.HOLD) {
            wait();
        }
        if (answers == Answers.PASS && !silent.contains(near)) {
            work(length);
            near.getOutputStream().write(bytes, 0, length);
        }
    }

    private void work(int length) {
        long end = System.nanoTime() + (long) (length / bytesPerSecond * 1e9);
        while (end - System.nanoTime() > 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void run(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // One of the two has gone, and with it the connection.
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
