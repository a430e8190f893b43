package dev.weir.telemetry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files that are shipped for those who watch the service. */
final class Monitoring {
    static final Path FOLDER = Path.of("monitoring").toAbsolutePath();

    private Monitoring() {}

    static String read(String file) {
        try {
            return Files.readString(FOLDER.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
