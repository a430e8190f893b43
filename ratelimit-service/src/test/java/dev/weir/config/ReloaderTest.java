package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloaderTest {
    @TempDir
    Path folder = Path.of("");

    private final List<String> seen = new ArrayList<>();

    @Test
    void whatHasNotChangedIsNotReadAgain() throws Exception {
        Reloader<String> reloader = reloader(write("a.yaml", "one"));

        assertEquals("one", reloader.read());
        look(reloader, 3);

        assertEquals(List.of(), seen);
    }

    @Test
    void aChangeIsReadOnceItHasStoodFromOneLookToTheNext() throws Exception {
        Path file = write("a.yaml", "one");
        Reloader<String> reloader = reloader(file);
        reloader.read();

        write("a.yaml", "two and");
        look(reloader, 1);
        assertEquals(List.of(), seen);
        write("a.yaml", "two and a half");
        look(reloader, 1);
        assertEquals(List.of(), seen);
        look(reloader, 3);

        assertEquals(List.of("two and a half"), seen);
    }

    @Test
    void whatIsWrongIsToldOnceAndTheNextChangeIsReadAgain() throws Exception {
        Path file = write("a.yaml", "one");
        Reloader<String> reloader = reloader(file);
        reloader.read();

        write("a.yaml", "bad");
        look(reloader, 4);
        assertEquals(List.of("refused: " + file + ": error value: is bad"), seen);
        write("a.yaml", "good");
        look(reloader, 4);

        assertEquals("good", seen.get(1));
    }

    @Test
    void whatBreaksTheReaderIsReadAgainAtTheNextLook() throws Exception {
        Path file = write("a.yaml", "one");
        AtomicInteger reads = new AtomicInteger();
        Reloader<String> reloader = new Reloader<>(file, place -> {
            switch (reads.incrementAndGet()) {
                case 2 -> throw new IllegalStateException("a mistake of the reader's");
                case 3 -> throw new OutOfMemoryError("for a moment");
                default -> {
                    return text(place);
                }
            }
        });
        reloader.read();

        write("a.yaml", "two");
        look(reloader, 1);
        assertThrows(IllegalStateException.class, () -> look(reloader, 1));
        assertThrows(OutOfMemoryError.class, () -> look(reloader, 1));
        look(reloader, 3);

        assertEquals(List.of("two"), seen);
    }

    @Test
    void whatCannotBeReadIsReadAgainAtEveryLookUntilItCan() throws Exception {
        Path file = write("a.yaml", "one");
        AtomicInteger reads = new AtomicInteger();
        Reloader<String> reloader = new Reloader<>(file, place -> {
            if (reads.incrementAndGet() == 2 || reads.get() == 3) {
                throw unreadable(place);
            }
            return text(place);
        });
        reloader.read();

        write("a.yaml", "two");
        look(reloader, 5);

        String refused = "refused: " + file + ": error file: too many open files";
        assertEquals(List.of(refused, refused, "two"), seen);
    }

    @Test
    void aFileThatIsMissingForAMomentIsReadWhenItIsBackAsItWas() throws Exception {
        Path file = write("a.yaml", "one");
        Path away = folder.resolve("away");
        Reloader<String> reloader = new Reloader<>(file, place -> {
            if (!Files.exists(place)) {
                throw unreadable(place);
            }
            return text(place);
        });
        reloader.read();

        Files.move(file, away);
        look(reloader, 2);
        Files.move(away, file);
        look(reloader, 3);

        assertEquals(List.of("refused: " + file + ": error file: too many open files", "one"), seen);
    }

    @Test
    void whatCouldNotBeReadAtTheStartIsReadAtALaterLook() throws Exception {
        Path file = write("a.yaml", "one");
        AtomicInteger reads = new AtomicInteger();
        Reloader<String> reloader = new Reloader<>(file, place -> {
            if (reads.incrementAndGet() == 1) {
                throw unreadable(place);
            }
            return text(place);
        });
        assertThrows(ConfigException.class, reloader::read);

        look(reloader, 2);

        assertEquals(List.of("one"), seen);
    }

    @Test
    void filesInFoldersBelowAndThoseBehindATurnedLinkAreSeen() throws Exception {
        Files.createDirectories(folder.resolve("1/a/deep"));
        Files.createDirectories(folder.resolve("2/a/deep"));
        write("1/a/deep/limits", "one");
        write("2/a/deep/limits", "six");
        Path current = Files.createSymbolicLink(folder.resolve("current"), Path.of("1"));
        Path file = current.resolve("a/deep/limits");
        Reloader<String> reloader = Reloader.ofFiles(() -> List.of(file), () -> text(file));
        reloader.read();

        Path turned = Files.createSymbolicLink(folder.resolve("turned"), Path.of("2"));
        Files.move(turned, current, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        look(reloader, 2);
        write("2/a/deep/limits", "seven");
        look(reloader, 2);

        assertEquals(List.of("six", "seven"), seen);
    }

    @Test
    void whatBreaksInItsUseIsReadAgainAtTheNextLook() throws Exception {
        Reloader<String> reloader = reloader(write("a.yaml", "one"));
        reloader.read();

        write("a.yaml", "two");
        look(reloader, 1);
        assertThrows(
                IllegalStateException.class,
                () -> reloader.look(
                        text -> {
                            throw new IllegalStateException(text);
                        },
                        e -> seen.add("refused")));
        look(reloader, 3);

        assertEquals(List.of("two"), seen);
    }

    @Test
    void aFileThatWasWrittenBetweenStampAndReadingIsReadOnceMore() throws Exception {
        Path file = write("a.yaml", "one");
        Reloader<String> reloader = new Reloader<>(file, place -> {
            String text = text(place);
            if (text.equals("one")) {
                write("a.yaml", "two");
            }
            return text;
        });

        assertEquals("one", reloader.read());
        look(reloader, 2);

        assertEquals(List.of("two"), seen);
    }

    @Test
    void aFileOfTheSameSizeAndDateIsAChange() throws Exception {
        Path file = write("a.yaml", "one");
        FileTime date = Files.getLastModifiedTime(file);
        Reloader<String> reloader = reloader(file);
        reloader.read();

        Path other = write("b", "two");
        Files.setLastModifiedTime(other, date);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        look(reloader, 2);

        assertEquals(List.of("two"), seen);
    }

    /** As a kubelet does it: a folder of links to {@code ..data}, which is a link that is turned in one step. */
    @Test
    void theLinkOfAConfigMapThatIsTurnedIsAChange() throws Exception {
        Files.createDirectory(folder.resolve("..1"));
        Files.createDirectory(folder.resolve("..2"));
        write("..1/policy.yaml", "one");
        write("..2/policy.yaml", "two");
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
        Path policy = Files.createSymbolicLink(folder.resolve("policy.yaml"), Path.of("..data/policy.yaml"));
        Reloader<String> ofFile = reloader(policy);
        Reloader<String> ofFolder = new Reloader<>(folder, place -> text(place.resolve("policy.yaml")));
        ofFile.read();
        ofFolder.read();

        Path turned = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..2"));
        Files.move(turned, data, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        look(ofFile, 2);
        look(ofFolder, 2);

        assertEquals(List.of("two", "two"), seen);
    }

    @Test
    void filesThatComeAndGoChangeAFolder() throws Exception {
        write("a.yaml", "one");
        Reloader<String> reloader = new Reloader<>(folder, ReloaderTest::names);
        reloader.read();

        Path b = write("b.yaml", "two");
        look(reloader, 2);
        Files.delete(b);
        look(reloader, 2);

        assertEquals(List.of("[a.yaml, b.yaml]", "[a.yaml]"), seen);
    }

    private void look(Reloader<String> reloader, int times) {
        for (int i = 0; i < times; i++) {
            reloader.look(seen::add, e -> seen.add("refused: " + e.getMessage()));
        }
    }

    private static Reloader<String> reloader(Path file) {
        return new Reloader<>(file, place -> {
            String text = text(place);
            if (text.equals("bad")) {
                throw new ConfigException(List.of(new Problem(place.toString(), YamlRules.VALUE, "is bad")));
            }
            return text;
        });
    }

    private static ConfigException unreadable(Path place) {
        return new ConfigException(List.of(new Problem(place.toString(), YamlRules.FILE, "too many open files")));
    }

    private static String names(Path place) {
        try (Stream<Path> files = Files.list(place)) {
            return files.map(file -> file.getFileName().toString())
                    .sorted()
                    .toList()
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
