package dev.weir.policy.read;

import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.YamlRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the files of a policy. */
final class PolicyFiles {
    private PolicyFiles() {}

    /** Finds the files, in order of their names; none after adding a problem. */
    static List<Path> of(Path place, Problems problems) {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> entries = Files.list(place)) {
            List<Path> files = entries.filter(
                            file -> isPolicy(file.getFileName().toString()))
                    .filter(file -> !Files.isDirectory(file))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                problems.add(new Problem(place.toString(), YamlRules.FILE, "holds no *.yaml or *.yml file"));
            }
            return files;
        } catch (IOException | UncheckedIOException e) {
            problems.add(new Problem(place.toString(), YamlRules.FILE, "cannot be listed: " + e));
            return List.of();
        }
    }

    private static boolean isPolicy(String name) {
        return (name.endsWith(".yaml") || name.endsWith(".yml"))
                && !name.startsWith(".")
                && !name.endsWith(".test.yaml")
                && !name.endsWith(".test.yml");
    }
}
