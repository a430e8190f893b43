package dev.weir.refusal.sink;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records as lines of a file. A new file is begun each day, in UTC, and when one would grow too large; a separate thread compresses
 * the old ones and deletes the oldest. A record is in the file when {@link #write} returns; if that fails, the next call removes what was
 * written of it. The file belongs to one process.
 */
public final class FileSink implements RefusalSink {
    private static final Logger LOG = LoggerFactory.getLogger(FileSink.class);
    private static final Duration ROTATE_AGAIN = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Path path;
    private final Rotation rotation;
    private final Clock clock;
    private final Opener opener;
    private final RotatedFiles rotated;
    private final ExecutorService upkeep = Executors.newSingleThreadExecutor(FileSink::daemon);
    private FileOutputStream out;
    private long size;
    /** The day on which the file was begun. */
    private LocalDate day;

    private Instant rotateNotBefore = Instant.MIN;
    /** True while the last line may not be whole. */
    private boolean torn;

    /** Opens a file to append to it. */
    interface Opener {
        FileOutputStream open(Path path) throws IOException;
    }

    /** @throws IOException that names the file, if it cannot be written */
    public FileSink(Path path, Rotation rotation, Clock clock) throws IOException {
        this(path, rotation, clock, file -> new FileOutputStream(file.toFile(), true));
    }

    FileSink(Path path, Rotation rotation, Clock clock, Opener opener) throws IOException {
        this.path = path;
        this.rotation = rotation;
        this.clock = clock;
        this.opener = opener;
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw new IOException(path + " (not a regular file)");
            }
            this.out = opener.open(path);
            this.size = Files.size(path);
            this.day =
                    size == 0 ? today() : dayOf(Files.getLastModifiedTime(path).toInstant());
            this.rotated = new RotatedFiles(path, rotation);
            if (size > 0 && !endsWithALine()) {
                out.write('\n');
                size++;
            }
        } catch (IOException e) {
            throw new IOException("refusals cannot be written to " + e.getMessage(), e);
        }
        tidy();
    }

    @Override
    public void write(String record) throws IOException {
        byte[] line = (record + "\n").getBytes(StandardCharsets.UTF_8);
        rotateWhereDue(line.length);
        mend();
        torn = true;
        out.write(line);
        torn = false;
        size += line.length;
    }

    /** Keeps the days apart, and deletes what is too old, even where nobody is refused. */
    @Override
    public void flush() throws IOException {
        rotateWhereDue(0);
        mend();
    }

    @Override
    public void close() throws IOException {
        upkeep.shutdown();
        try (FileOutputStream closed = out) {
            mend();
        }
        try {
            // What it does not finish is done at the next start.
            upkeep.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Removes what was written of a line that did not get through whole. */
    private void mend() throws IOException {
        if (torn) {
            out.getChannel().truncate(size);
            torn = false;
        }
    }

    private void rotateWhereDue(int more) {
        LocalDate today = today();
        boolean tooLarge = size > 0 && size + more > rotation.bytesPerFile();
        if ((today.equals(day) && !tooLarge) || clock.instant().isBefore(rotateNotBefore)) {
            return;
        }
        try {
            if (size > 0) {
                mend();
                beginNew();
            }
            day = today;
            tidy();
        } catch (IOException e) {
            rotateNotBefore = clock.instant().plus(ROTATE_AGAIN);
            LOG.error("{} cannot be rotated, so it grows on: {}", path, e.toString());
        }
    }

    /** Begins a new file before the old one goes, so that there is always one to write to. */
    private void beginNew() throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".new");
        FileOutputStream begun = opener.open(next);
        try {
            // The old file is missing if somebody has moved it away.
            if (Files.exists(path)) {
                Files.move(path, rotated.next(day));
            }
            Files.move(next, path);
        } catch (IOException e) {
            begun.close();
            throw e;
        }
        out.close();
        out = begun;
        size = 0;
    }

    private void tidy() {
        LocalDate today = today();
        upkeep.execute(() -> rotated.tidy(today));
    }

    private boolean endsWithALine() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(size - 1);
            return file.read() == '\n';
        }
    }

    private LocalDate today() {
        return dayOf(clock.instant());
    }

    private static LocalDate dayOf(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "refusal-files");
        thread.setDaemon(true);
        return thread;
    }
}
