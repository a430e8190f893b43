package dev.weir.config;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file or a folder anew when it has changed. It looks for itself instead of waiting for the system's word, because not every file
 * system reports changes, and none reports that a link was turned. A change is read once it has stayed the same from one look to the
 * next: a file that is still being written may well be a policy, but a smaller one.
 *
 * <p>Not thread-safe: one thread looks.
 */
public final class Reloader<T> {
    /** Reads what a person wrote. */
    @FunctionalInterface
    public interface Reader<T> {
        /** @throws ConfigException with all that is wrong */
        T read(Path place) throws ConfigException;
    }

    /** Reads what a person wrote, wherever it is. */
    @FunctionalInterface
    public interface Source<T> {
        /** @throws ConfigException with all that is wrong */
        T read() throws ConfigException;
    }

    private final Supplier<FileFingerprint> stamps;
    private final Source<T> source;
    /** The fingerprint of what was read, or refused for a mistake; null where it must be read again, whatever it looks like. */
    private @Nullable FileFingerprint known;

    private @Nullable FileFingerprint unsettled;

    public Reloader(Path place, Reader<T> reader) {
        this(() -> FileFingerprint.of(place), () -> reader.read(place));
    }

    private Reloader(Supplier<FileFingerprint> stamps, Source<T> source) {
        this.stamps = stamps;
        this.source = source;
        this.known = stamps.get();
    }

    /** @param files supplies the files that there are at the time */
    public static <T> Reloader<T> ofFiles(Supplier<List<Path>> files, Source<T> source) {
        return new Reloader<>(() -> FileFingerprint.of(files.get()), source);
    }

    /** Reads it whether it has changed or not. */
    public T read() throws ConfigException {
        // Taken before reading: what is written meanwhile is a change.
        FileFingerprint seen = stamps.get();
        known = null;
        try {
            T read = source.read();
            known = seen;
            return read;
        } catch (ConfigException e) {
            known = e.isUnreadable() ? null : seen;
            throw e;
        }
    }

    /**
     * Reads it if it has changed since it was read last. What cannot be read, or fails for any reason but a mistake in the text, is read
     * again at every look until it succeeds: nothing says that it is wrong.
     *
     * @param changed takes what was read; what it throws is thrown on
     * @param refused takes what is wrong with it: at every look while it {@linkplain ConfigException#isUnreadable cannot be read}, but
     *     once for a mistake in the text, which is not read again until it changes once more
     */
    public void look(Consumer<T> changed, Consumer<ConfigException> refused) {
        FileFingerprint now = stamps.get();
        if (now.equals(known)) {
            unsettled = null;
        } else if (now.equals(unsettled)) {
            readAgain(changed, refused);
        } else {
            unsettled = now;
        }
    }

    private void readAgain(Consumer<T> changed, Consumer<ConfigException> refused) {
        T read;
        try {
            read = read();
        } catch (ConfigException e) {
            refused.accept(e);
            return;
        }
        FileFingerprint used = known;
        known = null;
        changed.accept(read);
        known = used;
    }
}
