package dev.weir.config;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file or a folder anew when it has changed. It looks for itself instead of being told by the system, because not every file
 * system tells, and none of what a link that was turned. A change is read when it has stood unchanged from one look to the next: a file
 * that is still being written may well be a policy, but a smaller one.
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
    /** What was read, or refused for a mistake in it; null where it is to be read again, whatever it looks like. */
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

    /** @param files those that there are at the time */
    public static <T> Reloader<T> ofFiles(Supplier<List<Path>> files, Source<T> source) {
        return new Reloader<>(() -> FileFingerprint.of(files.get()), source);
    }

    /** Reads it whether it has changed or not. */
    public T read() throws ConfigException {
        // Before reading: what is written meanwhile is a change.
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
     * Reads it if it has changed since it was read last. What cannot be read, or breaks otherwise than by a mistake in the text, is read
     * again at every look until it can be: nothing says that it is wrong.
     *
     * @param changed takes what was read; what it throws is thrown on
     * @param refused takes what is wrong with it, and again at every look while it {@linkplain ConfigException#isUnreadable cannot be
     *     read}; for a mistake in the text once, and it is not read again until it changes once more
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
