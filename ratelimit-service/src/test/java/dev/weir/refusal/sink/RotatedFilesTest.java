package dev.weir.refusal.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R5.3: the retention of the records in days. */
class RotatedFilesTest {
    private static final LocalDate TODAY = LocalDate.parse("2026-04-05");

    @TempDir
    Path folder = Path.of("");

    @Test
    void numbersGoOnSoThatNoFileIsReplaced() throws IOException {
        RotatedFiles files = rotated(90, 1_000);
        assertEquals("r.log.2026-04-05.1", name(files.next(TODAY)));
        assertEquals("r.log.2026-04-06.2", name(files.next(TODAY.plusDays(1))));

        write("r.log.2026-04-01.9.gz", 1);
        write("r.log.2026-04-01.17", 1);
        assertEquals("r.log.2026-04-05.18", name(rotated(90, 1_000).next(TODAY)));
    }

    @Test
    void aDayIsKeptForAsLongAsItWasSaid() throws IOException {
        write("r.log.2026-04-03.1.gz", 1);
        write("r.log.2026-04-02.2.gz", 1);
        write("r.log.2025-12-31.3", 1);
        rotated(2, 1_000).tidy(TODAY);

        assertEquals(List.of("r.log.2026-04-03.1.gz"), files());
    }

    @Test
    void whereThereIsTooMuchTheOldestGoes() throws IOException {
        write("r.log.2026-04-03.9.gz", 40);
        write("r.log.2026-04-03.10.gz", 40);
        write("r.log.2026-04-03.11.gz", 40);
        write("r.log.2026-04-02.30.gz", 40);
        rotated(90, 100).tidy(TODAY);

        assertEquals(List.of("r.log.2026-04-03.10.gz", "r.log.2026-04-03.11.gz"), files());
    }

    @Test
    void whatIsNoOldFileIsLeftAlone() throws IOException {
        List<String> others = List.of(
                "r.log",
                "r.log.2001-01-01",
                "r.log.2001-01-01.1.gz.part",
                "r.log.2001-13-01.1.gz",
                "rxlog.2001-01-01.1");
        for (String other : others) {
            write(other, 1);
        }
        rotated(1, 1).tidy(TODAY);

        assertEquals(others.stream().sorted().toList(), files());
    }

    @Test
    void whatCannotBeCompressedIsKeptAndCompressedLater() throws IOException {
        write("r.log.2026-04-04.1", 50);
        Path obstacle = folder.resolve("r.log.2026-04-04.1.gz.part");
        Files.createDirectories(obstacle.resolve("in-the-way"));
        RotatedFiles files = rotated(90, 1_000);
        files.tidy(TODAY);
        assertEquals(List.of("r.log.2026-04-04.1", name(obstacle)), files());

        Files.delete(obstacle.resolve("in-the-way"));
        Files.delete(obstacle);
        files.tidy(TODAY);
        assertEquals(List.of("r.log.2026-04-04.1.gz"), files());
    }

    @Test
    void aCompressionThatWasInterruptedIsDoneAgain() throws IOException {
        write("r.log.2026-04-04.1", 50);
        write("r.log.2026-04-04.1.gz", 3);
        write("r.log.2026-04-04.1.gz.part", 3);
        rotated(90, 1_000).tidy(TODAY);

        assertEquals(List.of("r.log.2026-04-04.1.gz"), files());
        assertEquals(0x1f, Files.readAllBytes(folder.resolve("r.log.2026-04-04.1.gz"))[0]);
    }

    private RotatedFiles rotated(int days, long bytes) throws IOException {
        return new RotatedFiles(folder.resolve("r.log"), new Rotation(days, 1_000, bytes));
    }

    private void write(String name, int bytes) throws IOException {
        Files.write(folder.resolve(name), new byte[bytes]);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(RotatedFilesTest::name).sorted().toList();
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
