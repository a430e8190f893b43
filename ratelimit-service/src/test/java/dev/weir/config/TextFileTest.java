package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** R5.8: what is no file that can be read says so, and keeps nobody waiting. */
@Timeout(20)
class TextFileTest {
    @TempDir
    Path folder = Path.of("");

    private final Problems problems = new Problems();

    @Test
    void aLinkIsFollowedAsMountedFilesNeed() throws IOException {
        Path data = Files.createDirectory(folder.resolve("..data"));
        Files.writeString(data.resolve("a.yaml"), "a: b\n");

        assertEquals("a: b\n", read(Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("..data/a.yaml"))));
    }

    @Test
    void aLinkToNothingSaysSo() throws IOException {
        assertRefused(
                Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("none")),
                "is a link to a file that does not exist");
    }

    @Test
    void aLinkToItselfIsNotFollowed() throws IOException {
        Path link = folder.resolve("a.yaml");

        assertNull(read(Files.createSymbolicLink(link, link)));
        assertEquals(1, problems.inOrder().size());
    }

    @Test
    void aFileInAFileDoesNotExist() throws IOException {
        assertRefused(Files.writeString(folder.resolve("a"), "").resolve("b.yaml"), "cannot be read: Not a directory");
    }

    @Test
    void aDeviceThatNeverEndsIsNotRead() {
        assumeTrue(Files.exists(Path.of("/dev/zero")));
        assertRefused(Path.of("/dev/zero"), "is a pipe or a device; write it to a file, and name that");
    }

    @Test
    void aPipeThatNobodyWritesToIsNotOpened() throws Exception {
        Path pipe = folder.resolve("a.yaml");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);

        assertRefused(pipe, "is a pipe or a device; write it to a file, and name that");
    }

    @Test
    void aFileThatMayNotBeReadSaysWhoMust() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "a: b\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-w-------"));

        // What not even root may read.
        assertRefused(
                Files.isReadable(file) ? Path.of("/proc/sys/vm/drop_caches") : file,
                "cannot be read: permission denied; let the user that runs Weir read it");
    }

    /** Linux lets everybody open this one and fails when its first byte is read. */
    @Test
    void aFileThatFailsWhileItIsReadSaysWhy() {
        assumeTrue(Files.isReadable(Path.of("/proc/self/mem")));
        assertRefused(Path.of("/proc/self/mem"), "cannot be read: Input/output error");
    }

    private void assertRefused(Path path, String message) {
        assertNull(read(path));
        assertEquals(List.of(new Problem(path.toString(), YamlRules.FILE, message)), problems.inOrder());
    }

    private @Nullable String read(Path path) {
        return TextFile.read(path, problems);
    }
}
