package dev.weir.dropin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds files where the reference looks for them: in all folders below a root, whatever they are called. The path of a file below it, with
 * dots for its slashes, is its key. Links to files are followed, those to folders are not.
 *
 * @param root may be a link, which is turned to change all files at once
 * @param below the folder in it where the keys begin
 * @param keysBegin the beginning of the keys of the files to be read; an empty text reads all
 * @param ignoresDotFiles true neither reads files nor enters folders whose names begin with a dot
 */
public record RuntimeDirectory(Path root, String below, String keysBegin, boolean ignoresDotFiles) {
    /**
     * Lists the files in the order of their paths, all from one turn of the link.
     *
     * @throws NoSuchFileException where there is no such folder
     */
    public List<Path> files() throws IOException {
        Path folder = root.toRealPath().resolve(below);
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(place().toString());
        }
        Map<String, Path> byKey = new LinkedHashMap<>();
        walk(folder, folder, byKey);
        return List.copyOf(byKey.values());
    }

    /** Returns the path by which people find it. */
    public Path place() {
        return root.resolve(below);
    }

    private void walk(Path folder, Path top, Map<String, Path> byKey) throws IOException {
        for (Path entry : entries(folder)) {
            if (ignoresDotFiles && entry.getFileName().toString().startsWith(".")) {
                continue;
            }
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                walk(entry, top, byKey);
            } else if (!Files.isDirectory(entry)) {
                String key = top.relativize(entry).toString().replace('/', '.');
                if (key.startsWith(keysBegin)) {
                    byKey.put(key, entry);
                }
            }
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted(Comparator.comparing(Path::toString)).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
