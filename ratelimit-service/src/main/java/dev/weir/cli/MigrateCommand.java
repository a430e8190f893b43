package dev.weir.cli;

import dev.weir.config.ConfigException;
import dev.weir.config.FileFailure;
import dev.weir.config.Spelling;
import dev.weir.policy.Descriptors;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.policy.read.PolicyReader;
import dev.weir.tools.migrate.Migration;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir migrate}. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Rewrites a domain of descriptors, as envoyproxy/ratelimit reads them, as native limits. Where a limit"
                        + " decides otherwise than it did, a comment says so.",
        footer = {
            "",
            "Examples:",
            "  weir migrate ratelimit.yaml --output policy.yaml",
            "  weir diff ratelimit.yaml policy.yaml",
            "  weir migrate config/ --domain edge",
            "",
            "Exit status: 0 all is as it was, 1 some limits differ, 2 wrong use or a file that cannot be used.",
        })
public final class MigrateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE_OR_FOLDER", description = "The policy.")
    private Path place = Path.of("");

    @Option(names = "--domain", paramLabel = "NAME", description = "Needed where several have descriptors.")
    private @Nullable String domain;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Writes there, in place of what is there, and not to stdout.")
    private @Nullable Path output;

    @Override
    public Integer call() {
        try {
            checkOutput();
            Migration migration = migrated(PolicyReader.read(place));
            write(migration.text());
            System.err.println(
                    migration.differences() == 0 ? "no differences" : migration.differences() + " x `# differs:`");
            return migration.differences() == 0 ? 0 : 1;
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
        } catch (IOException e) {
            System.err.println("weir: " + e.getMessage());
        }
        return 2;
    }

    /** Puts the file in place once all of it is written, so that what stood there is lost for nothing less. */
    private static void writeWhole(Path file, String text) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            Files.writeString(file, text);
            return;
        }
        Path target = Files.exists(file) ? file.toRealPath() : file;
        Path draft = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.writeString(draft, text);
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private Migration migrated(Policy policy) throws IOException {
        List<String> names = policy.domains().values().stream()
                .filter(each -> each.descriptors() != null)
                .map(Domain::name)
                .sorted()
                .toList();
        if (names.isEmpty()) {
            throw new IOException("no domain of " + place + " has `descriptors`; there is nothing to rewrite");
        }
        if (domain == null && names.size() > 1) {
            throw new IOException("a file holds one domain; say with --domain which of " + String.join(", ", names));
        }
        Domain asked = policy.domains().get(domain == null ? names.get(0) : domain);
        Descriptors descriptors = asked == null ? null : asked.descriptors();
        if (asked == null || descriptors == null) {
            throw new IOException(Spelling.unknown("domain", String.valueOf(domain), names));
        }
        return Migration.of(asked, descriptors, place.toString());
    }

    private void checkOutput() throws IOException {
        if (output != null && Files.exists(output) && isRead(output.toRealPath())) {
            throw new IOException(output + " is of what is rewritten; name another file with --output");
        }
    }

    private boolean isRead(Path written) throws IOException {
        Path read = place.toRealPath();
        return written.equals(read) || (Files.isDirectory(read) && written.startsWith(read));
    }

    private void write(String text) throws IOException {
        if (output == null) {
            PrintStream out = Terminal.stdout();
            out.print(text);
            out.flush();
            return;
        }
        try {
            writeWhole(output, text);
        } catch (IOException e) {
            throw new IOException("cannot write " + output + ": " + FileFailure.reason(e), e);
        }
    }
}
