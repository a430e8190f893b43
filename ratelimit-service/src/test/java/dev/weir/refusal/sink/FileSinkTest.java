package dev.weir.refusal.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** R1.6, R5.3: records in files, for as many days as it was said. */
@Timeout(30)
class FileSinkTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final Rotation LARGE = Rotation.of(90, 1_000_000);

    @TempDir
    Path folder = Path.of("");

    private final MovableClock clock = new MovableClock();

    @Test
    void aRecordIsInTheFileWhenItIsWritten() throws IOException {
        try (FileSink sink = new FileSink(active(), LARGE, clock)) {
            sink.write("{\"user\":\"äöü\"}");
            assertEquals("{\"user\":\"äöü\"}\n", Files.readString(active()));
        }
        Files.setLastModifiedTime(active(), FileTime.from(NOON));
        try (FileSink again = new FileSink(active(), LARGE, clock)) {
            again.write("{}");
        }
        assertEquals("{\"user\":\"äöü\"}\n{}\n", Files.readString(active()));
    }

    @Test
    void aFileThatWouldGrowTooLargeIsFollowedByANewOneAndCompressed() throws IOException {
        try (FileSink sink = new FileSink(active(), new Rotation(90, 12, 1_000), clock)) {
            sink.write("{1234}");
            sink.write("{567}");
            sink.write("a record that is longer than a file");
            sink.write("{8}");
        }

        assertEquals(List.of("{8}"), Files.readAllLines(active()));
        assertEquals(
                List.of(
                        "refusals.log",
                        "refusals.log.2026-01-05.1.gz",
                        "refusals.log.2026-01-05.2.gz",
                        "refusals.log.2026-01-05.3.gz"),
                files());
        assertEquals("{1234}\n", unzipped("refusals.log.2026-01-05.1.gz"));
        assertEquals("a record that is longer than a file\n", unzipped("refusals.log.2026-01-05.3.gz"));
    }

    @Test
    void aDayHasItsOwnFileAndOldDaysAreDeletedThoughNobodyIsRefused() throws IOException {
        try (FileSink sink = new FileSink(active(), Rotation.of(2, 1_000), clock)) {
            sink.write("{1}");
            clock.advanceDays(1);
            sink.write("{2}");
        }
        assertEquals(List.of("{2}"), Files.readAllLines(active()));
        assertEquals("{1}\n", unzipped("refusals.log.2026-01-05.1.gz"));
        Files.setLastModifiedTime(active(), FileTime.from(clock.instant()));

        try (FileSink sink = new FileSink(active(), Rotation.of(2, 1_000), clock)) {
            clock.advanceDays(2);
            sink.flush();
        }
        assertEquals(List.of("refusals.log", "refusals.log.2026-01-06.2.gz"), files());
    }

    @Test
    void aFileOfAnEarlierDayIsNotContinued() throws IOException {
        Files.writeString(active(), "{1}\n");
        Files.setLastModifiedTime(active(), FileTime.from(NOON.minus(Duration.ofDays(3))));
        try (FileSink sink = new FileSink(active(), LARGE, clock)) {
            sink.write("{2}");
        }

        assertEquals("{2}\n", Files.readString(active()));
        assertEquals("{1}\n", unzipped("refusals.log.2026-01-02.1.gz"));
    }

    @Test
    void halfALineOfACrashStaysApart() throws IOException {
        Files.writeString(active(), "{\"time\":");
        Files.setLastModifiedTime(active(), FileTime.from(NOON));
        try (FileSink sink = new FileSink(active(), LARGE, clock)) {
            sink.write("{2}");
        }

        assertEquals(List.of("{\"time\":", "{2}"), Files.readAllLines(active()));
    }

    @Test
    void whatDidNotGetThroughWholeIsTakenBack() throws IOException {
        FullDisk disk = new FullDisk();
        try (FileSink sink = new FileSink(active(), LARGE, clock, disk)) {
            sink.write("{1}");
            disk.full = true;
            assertThrows(IOException.class, () -> sink.write("{22222222}"));
            assertEquals("{1}\n{2222", Files.readString(active()));
            sink.flush();
            assertEquals("{1}\n", Files.readString(active()));
            assertThrows(IOException.class, () -> sink.write("{33333333}"));
            disk.full = false;
            sink.write("{4}");
            disk.full = true;
            assertThrows(IOException.class, () -> sink.write("{55555555}"));
        }

        assertEquals("{1}\n{4}\n", Files.readString(active()));
    }

    @Test
    void aFileThatCannotBeFollowedByANewOneGrowsOn() throws IOException {
        FullDisk disk = new FullDisk();
        try (FileSink sink = new FileSink(active(), new Rotation(90, 4, 1_000), clock, disk)) {
            sink.write("{1}");
            disk.noNewFile = true;
            sink.write("{2}");
            disk.noNewFile = false;
            sink.write("{3}");
            assertEquals("{1}\n{2}\n{3}\n", Files.readString(active()));
            clock.advance(Duration.ofMinutes(1));
            sink.write("{4}");
        }

        assertEquals("{4}\n", Files.readString(active()));
        assertEquals(2, files().size(), () -> files().toString());
    }

    @Test
    void aFileThatCannotBeWrittenIsNamed() {
        for (Path path : List.of(folder.resolve("none/refusals.log"), folder, Path.of("/dev/null"))) {
            IOException problem = assertThrows(IOException.class, () -> new FileSink(path, LARGE, clock));
            assertTrue(
                    problem.getMessage().startsWith("refusals cannot be written to " + path + " ("),
                    problem.getMessage());
        }
    }

    private Path active() {
        return folder.resolve("refusals.log");
    }

    private List<String> files() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String unzipped(String name) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve(name)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Where there is no more room, half of a line is written. */
    private static final class FullDisk implements FileSink.Opener {
        private boolean full;
        private boolean noNewFile;

        @Override
        public FileOutputStream open(Path path) throws IOException {
            if (noNewFile) {
                throw new IOException(path + " (No space left on device)");
            }
            return new FileOutputStream(path.toFile(), true) {
                @Override
                public void write(byte[] bytes) throws IOException {
                    write(bytes, 0, full ? bytes.length / 2 : bytes.length);
                    if (full) {
                        throw new IOException("No space left on device");
                    }
                }
            };
        }
    }

    private static final class MovableClock extends Clock {
        private Instant now = NOON;

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        void advanceDays(int days) {
            advance(Duration.ofDays(days));
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
