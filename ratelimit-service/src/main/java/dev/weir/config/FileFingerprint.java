package dev.weir.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A fingerprint of a file, or of each file of a folder, seen from outside. Two are equal if nothing was written in between. Links are
 * followed, so a link that was turned to another file is a change: that is how Kubernetes replaces the files of a ConfigMap.
 *
 * @param files by name or path, the attributes that change with the file's content; empty for a file that is not there
 */
record FileFingerprint(Map<String, List<Object>> files) {
    /** The attributes on Unix, where {@code ctime} also reveals a file that was replaced by one of the same size and date. */
    private static final String UNIX = "unix:ino,dev,size,lastModifiedTime,ctime";

    private static final String ANYWHERE = "size,lastModifiedTime,fileKey";

    static FileFingerprint of(Path place) {
        Map<String, List<Object>> files = new TreeMap<>();
        for (Path file : files(place)) {
            files.put(file.getFileName().toString(), attributes(file));
        }
        return new FileFingerprint(files);
    }

    /** Takes the fingerprint of files that lie in different folders. */
    static FileFingerprint of(List<Path> paths) {
        Map<String, List<Object>> files = new TreeMap<>();
        paths.forEach(file -> files.put(file.toString(), attributes(file)));
        return new FileFingerprint(files);
    }

    private static List<Path> files(Path place) {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> entries = Files.list(place)) {
            return entries.filter(Files::isRegularFile).toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private static List<Object> attributes(Path file) {
        boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
        try {
            return new ArrayList<>(new TreeMap<>(Files.readAttributes(file, unix ? UNIX : ANYWHERE)).values());
        } catch (IOException e) {
            return List.of();
        }
    }
}
