package dev.weir.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program that a test starts, waits for by a line that it prints, and ends. */
final class ChildProcess implements AutoCloseable {
    private static final int LINES_KEPT = 50;

    private final Process process;
    private final Thread reader;
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final Deque<String> lastLines = new ArrayDeque<>();

    /** @param readyWhen part of the line by which the program says that it is ready */
    ChildProcess(List<String> command, String readyWhen) {
        this(new ProcessBuilder(command), readyWhen);
    }

    /** @param environment all variables that it has */
    ChildProcess(List<String> command, Map<String, String> environment, String readyWhen) {
        this(with(environment, new ProcessBuilder(command)), readyWhen);
    }

    private ChildProcess(ProcessBuilder program, String readyWhen) {
        try {
            process = program.redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reader = new Thread(() -> read(readyWhen), program.command().get(0));
        reader.setDaemon(true);
        reader.start();
    }

    private static ProcessBuilder with(Map<String, String> environment, ProcessBuilder program) {
        program.environment().clear();
        program.environment().putAll(environment);
        return program;
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

    /** The last lines that it has written. */
    List<String> lines() {
        synchronized (lastLines) {
            return List.copyOf(lastLines);
        }
    }

    /** Waits until it has ended by itself and all that it wrote is read; its status. */
    int awaitEnd() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("goes on: " + lines());
            }
            reader.join();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
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
