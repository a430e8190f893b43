package dev.weir.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.Reloader;
import dev.weir.config.YamlRules;
import dev.weir.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invariant 7: whatever a change brings, the next one is looked at. */
class FileWatcherTest {
    private static final Duration OFTEN = Duration.ofMillis(5);

    @TempDir
    Path folder = Path.of("");

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private Path file = Path.of("");

    @BeforeEach
    void begin() throws IOException {
        file = Files.writeString(folder.resolve("file"), "first");
    }

    @Test
    void aChangeIsHandedOnAndAMistakeIsCounted() throws Exception {
        try (FileWatcher watch = new FileWatcher(OFTEN)) {
            watch.add(new Reloader<>(file, FileWatcherTest::read), heard::add, count -> heard.add(count + " problems"));
            watch.start();

            writeAndAwait("wrong", "1 problems");
            writeAndAwait("right", "right");
        }
        assertEquals(List.of("1 problems", "right"), heard);
    }

    @Test
    void aReaderThatBreaksDoesNotEndTheWatch() throws Exception {
        try (FileWatcher watch = new FileWatcher(OFTEN)) {
            Path second = Files.writeString(folder.resolve("second"), "first");
            watch.add(new Reloader<>(file, FileWatcherTest::read), heard::add, count -> {});
            watch.add(new Reloader<>(second, FileWatcherTest::read), heard::add, count -> {});
            watch.start();

            replace(file, "broken");
            replace(second, "seen all the same");
            Await.until("the second file", () -> heard.contains("seen all the same"));
            writeAndAwait("mended", "mended");
        }
    }

    @Test
    void whatBreaksIsRefusedOnceAndTriedAgainUntilItCanBeRead() throws Exception {
        AtomicInteger left = new AtomicInteger(3);
        try (FileWatcher watch = new FileWatcher(OFTEN)) {
            watch.add(
                    new Reloader<>(file, place -> {
                        if (left.getAndDecrement() > 0) {
                            throw new OutOfMemoryError("for a moment");
                        }
                        return read(place);
                    }),
                    heard::add,
                    count -> heard.add(count + " problems"));
            watch.start();

            writeAndAwait("in the end", "in the end");
        }
        assertEquals(List.of("1 problems", "in the end"), heard);
    }

    @Test
    void whatCannotBeReadCountsOnceForEachReasonAndIsTriedAgainUntilItCanBeRead() throws Exception {
        List<String> reasons = List.of("first", "permission denied", "permission denied", "too many open files", "");
        AtomicInteger reads = new AtomicInteger();
        try (FileWatcher watch = new FileWatcher(OFTEN)) {
            watch.add(
                    new Reloader<>(file, place -> {
                        String reason = reasons.get(reads.getAndIncrement() % reasons.size());
                        if (!reason.isEmpty()) {
                            throw new ConfigException(List.of(
                                    new Problem(place.toString(), YamlRules.FILE, "cannot be read: " + reason)));
                        }
                        return read(place);
                    }),
                    heard::add,
                    count -> heard.add(count + " problems"));
            watch.start();

            writeAndAwait("in the end", "in the end");
        }
        assertEquals(List.of("1 problems", "1 problems", "1 problems", "in the end"), heard);
    }

    @Test
    void whoeverUsesAChangeMayBreakTooAndIsHandedTheNext() throws Exception {
        try (FileWatcher watch = new FileWatcher(OFTEN)) {
            watch.add(
                    new Reloader<>(file, FileWatcherTest::read),
                    text -> {
                        heard.add(text);
                        if (text.equals("unusable")) {
                            throw new IllegalStateException(text);
                        }
                    },
                    count -> {});
            watch.start();

            writeAndAwait("unusable", "unusable");
            writeAndAwait("usable again", "usable again");
        }
    }

    @Test
    void zeroNeverLooks() {
        long before = watching();
        try (FileWatcher watch = new FileWatcher(Duration.ZERO)) {
            watch.start();
            assertEquals(before, watching());
        }
        try (FileWatcher watch = new FileWatcher(OFTEN)) {
            watch.start();
            assertEquals(before + 1, watching());
        }
        Await.until("the end of the watch", () -> watching() == before);
    }

    private static long watching() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("reload"))
                .count();
    }

    private void writeAndAwait(String text, String awaited) throws IOException {
        replace(file, text);
        Await.until(awaited, () -> heard.contains(awaited));
    }

    /** In one step: a look between the emptying of a file and its writing would read the empty file, as it must. */
    private static void replace(Path place, String text) throws IOException {
        Path fresh = Files.writeString(place.resolveSibling(place.getFileName() + ".new"), text);
        Files.move(fresh, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String read(Path place) throws ConfigException {
        String text;
        try {
            text = Files.readString(place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        switch (text) {
            case "wrong" ->
                throw new ConfigException(List.of(new Problem(place.toString(), YamlRules.VALUE, "is wrong")));
            case "broken" -> throw new IllegalStateException("a mistake of the reader's");
            default -> {
                return text;
            }
        }
    }
}
