package dev.weir.refusal.sink;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The old files beside the one that is written: {@code NAME.2026-01-05.17}, and {@code NAME.2026-01-05.17.gz} when compressed. The numbers
 * go on from day to day, so none is used twice.
 *
 * <p>Logback does not do this because its compression deletes what it could not compress for want of room, and its retention passes over
 * whatever it once failed to compress.
 */
final class RotatedFiles {
    private static final Logger LOG = LoggerFactory.getLogger(RotatedFiles.class);

    private final Path folder;
    private final String name;
    private final Pattern pattern;
    private final Rotation rotation;
    private int lastNumber;

    private record Old(Path path, LocalDate day, int number, boolean compressed) {}

    /** @throws IOException if the folder cannot be read */
    RotatedFiles(Path active, Rotation rotation) throws IOException {
        Path absolute = active.toAbsolutePath();
        this.folder = absolute.resolveSibling("");
        this.name = absolute.getFileName().toString();
        this.pattern = Pattern.compile(Pattern.quote(name) + "\\.(\\d{4}-\\d{2}-\\d{2})\\.(\\d{1,9})(\\.gz)?");
        this.rotation = rotation;
        this.lastNumber = newestFirst().stream().mapToInt(Old::number).max().orElse(0);
    }

    /** Returns a name that no file has yet. */
    Path next(LocalDate day) {
        lastNumber++;
        return folder.resolve(name + "." + day + "." + lastNumber);
    }

    /** Compresses what is not yet, then deletes what is too old or too much. What fails is logged, left as is and tried again next time. */
    void tidy(LocalDate today) {
        try {
            for (Old old : newestFirst()) {
                if (!old.compressed()) {
                    compress(old.path());
                }
            }
            delete(newestFirst(), today);
        } catch (IOException | RuntimeException e) {
            LOG.error("the old files of {} cannot be tidied: {}", folder.resolve(name), e.toString());
        }
    }

    private void compress(Path old) throws IOException {
        Path part = old.resolveSibling(old.getFileName() + ".gz.part");
        try {
            try (FileOutputStream file = new FileOutputStream(part.toFile());
                    GZIPOutputStream zip = new GZIPOutputStream(file)) {
                Files.copy(old, zip);
                zip.finish();
                file.getFD().sync();
            }
            Files.move(
                    part,
                    old.resolveSibling(old.getFileName() + ".gz"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            Files.delete(old);
        } catch (IOException e) {
            LOG.error("{} cannot be compressed, it is kept as it is: {}", old, e.toString());
            Files.deleteIfExists(part);
        }
    }

    private void delete(List<Old> newestFirst, LocalDate today) throws IOException {
        LocalDate first = today.minusDays(rotation.keepDays());
        long bytes = 0;
        for (Old old : newestFirst) {
            bytes += Files.size(old.path());
            if (old.day().isBefore(first)) {
                Files.delete(old.path());
            } else if (bytes > rotation.bytesInAll()) {
                LOG.warn(
                        "{} is deleted before its time: old files of refusals may have {} bytes in all",
                        old.path(),
                        rotation.bytesInAll());
                Files.delete(old.path());
            }
        }
    }

    private List<Old> newestFirst() throws IOException {
        List<Old> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Matcher matcher = pattern.matcher(file.getFileName().toString());
                LocalDate day = matcher.matches() ? day(matcher.group(1)) : null;
                if (day != null) {
                    found.add(new Old(file, day, Integer.parseInt(matcher.group(2)), matcher.group(3) != null));
                }
            }
        }
        found.sort(Comparator.comparing(Old::day).thenComparingInt(Old::number).reversed());
        return found;
    }

    private static @Nullable LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
