package dev.weir.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program that a test starts, waits for by a line that it prints, and ends. */
final class ChildProcess implements AutoCloseable {
    private static final int LINES_KEPT = 50;

    private final Process process;
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final Deque<String> lastLines = new ArrayDeque<>();

    /** @param readyWhen part of the line by which the program says that it is ready */
    ChildProcess(List<String> command, String readyWhen) {
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread reader = new Thread(() -> read(readyWhen), command.get(0));
        reader.setDaemon(true);
        reader.start();
    }

    private void read(String readyWhen) {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (lastLines) {
                    lastLines.addLast(line);
                    if (lastLines.size() > LINES_KEPT) {
                        lastLines.removeFirst();
                    }
                }
                if (line.contains(readyWhen)) {
                    ready.complete(line);
                }
            }
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
        ready.completeExceptionally(new IllegalStateException("ended before it was ready"));
    }

    /** The line by which it said so. */
    String awaitReady() {
        try {
            return ready.get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            close();
            synchronized (lastLines) {
                throw new IllegalStateException(String.join("\n", lastLines), e);
            }
        }
    }

    /** Ends it without a chance to say good-bye. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
