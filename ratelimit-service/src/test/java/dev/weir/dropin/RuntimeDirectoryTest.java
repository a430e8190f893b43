package dev.weir.dropin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files of its runtime directory the reference reads. */
class RuntimeDirectoryTest {
    @TempDir
    private Path root;

    @BeforeEach
    void realPath() throws IOException {
        root = root.toRealPath();
    }

    @Test
    void allFilesBelowTheFolderAreReadWhateverTheyAreCalled() throws Exception {
        write("sub/config/b.yaml", "sub/config/deep/er/a", "sub/config/deep/z.txt");

        assertEquals(List.of("sub/config/b.yaml", "sub/config/deep/er/a", "sub/config/deep/z.txt"), files("config."));
    }

    @Test
    void theKeysBeginDecidesAndADotStandsForASlash() throws Exception {
        write("sub/config.yaml", "sub/config.d/a", "sub/configs/a", "sub/other/a.yaml", "sub/config/a");

        assertEquals(List.of("sub/config.d/a", "sub/config.yaml", "sub/config/a"), files("config."));
        assertEquals(5, files("").size());
    }

    @Test
    void ofTwoFilesWithOneKeyTheLastIsRead() throws Exception {
        write("sub/config/a.yaml", "sub/config.a.yaml");

        assertEquals(1, files("config.").size());
    }

    @Test
    void dotFilesAreReadUnlessTheyAreIgnored() throws Exception {
        write("sub/config/.hidden", "sub/config/.folder/a", "sub/config/seen");

        assertEquals(3, files("config.").size());
        assertEquals(List.of("sub/config/seen"), relative(new RuntimeDirectory(root, "sub", "config.", true)));
    }

    @Test
    void aConfigMapIsReadOnceWhereDotFilesAreIgnored() throws Exception {
        write("sub/config/..2026/limits.yaml");
        Files.createSymbolicLink(root.resolve("sub/config/..data"), Path.of("..2026"));
        Files.createSymbolicLink(root.resolve("sub/config/limits.yaml"), Path.of("..data/limits.yaml"));

        assertEquals(List.of("sub/config/limits.yaml"), relative(new RuntimeDirectory(root, "sub", "config.", true)));
        assertEquals(2, files("config.").size());
    }

    @Test
    void aRootThatIsALinkIsFollowedAndAllFilesAreOfOneTurn() throws Exception {
        write("one/sub/config/a");
        Path current = Files.createSymbolicLink(root.resolve("current"), Path.of("one"));

        assertEquals(List.of("one/sub/config/a"), relative(new RuntimeDirectory(current, "sub", "config.", false)));
    }

    @Test
    void whereThereIsNoFolderThatIsAnError() {
        assertThrows(NoSuchFileException.class, () -> files("config."));
        assertThrows(
                NoSuchFileException.class,
                () -> new RuntimeDirectory(root.resolve("none"), "sub", "config.", false).files());
    }

    private void write(String... files) throws IOException {
        for (String file : files) {
            Path path = root.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "");
        }
    }

    private List<String> files(String keysBegin) throws IOException {
        return relative(new RuntimeDirectory(root, "sub", keysBegin, false));
    }

    private List<String> relative(RuntimeDirectory directory) throws IOException {
        return directory.files().stream()
                .map(file -> root.relativize(file).toString())
                .sorted()
                .toList();
    }
}
