package dev.weir.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Packages of PyPI, unpacked into a folder of their own in target/ and not installed.
 *
 * @param options of pip, beside those for where and how
 * @param proof a file that is in the folder once all of it is
 */
record PipPackages(List<String> requirements, List<String> options, String proof) {
    /** Why packages could not be had. Asked once: every test would wait for the same answer. */
    private static final Map<PipPackages, String> REFUSED = new ConcurrentHashMap<>();

    private static final Path FETCHED = Path.of("target", "programs").toAbsolutePath();

    /** Where they are once they have been fetched. */
    Path folder() {
        return FETCHED.resolve(String.join("+", requirements));
    }

    /** Fetches them unless they are there; answers why they could not be had, or null. */
    @Nullable
    String fetch() throws IOException, InterruptedException {
        if (!isThere() && !REFUSED.containsKey(this)) {
            install();
        }
        return REFUSED.get(this);
    }

    private boolean isThere() {
        return Files.exists(folder().resolve(proof));
    }

    /** Into a folder of its own that is renamed, so that two runs at once never see half a package. */
    private void install() throws IOException, InterruptedException {
        Files.createDirectories(FETCHED);
        Path fresh = Files.createTempDirectory(FETCHED, "new");
        String install = "python3 -m pip install --quiet --disable-pip-version-check --no-input --only-binary=:all:"
                + " --target " + fresh;
        List<String> command = Stream.of(List.of(install.split(" ", -1)), options, requirements)
                .flatMap(List::stream)
                .toList();
        Path said = Files.createTempFile(FETCHED, "pip", ".log");
        Process pip = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        boolean done = pip.waitFor(5, TimeUnit.MINUTES);
        pip.destroy();
        String words = Files.readString(said, StandardCharsets.UTF_8).strip();
        Files.delete(said);
        if (!done || pip.exitValue() != 0) {
            REFUSED.put(this, done ? lastLine(words) : "not within five minutes");
            return;
        }
        try {
            Files.move(fresh, folder());
        } catch (FileSystemException e) {
            // A run beside this one was first.
            if (!isThere()) {
                throw e;
            }
        }
    }

    private static String lastLine(String words) {
        return words.substring(words.lastIndexOf('\n') + 1);
    }
}
