package dev.weir.policy;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.YamlFile;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads policies. A domain may stand in several files, a file holds one domain. */
public final class PolicyReader {
    private final Problems problems = new Problems();

    private PolicyReader() {}

    /**
     * @param place a file, or a folder whose {@code *.yaml} and {@code *.yml} files are all read, but for hidden ones and those that end
     *     with {@code .test.yaml}, which hold cases
     * @throws ConfigException with all problems of all files; nothing of a policy with a problem is used
     */
    public static Policy read(Path place) throws ConfigException {
        PolicyReader reader = new PolicyReader();
        List<Path> files = reader.files(place);
        Map<String, List<YamlMap>> read = reader.filesByDomain(files);
        String version = reader.problems.hasErrors() ? Policy.UNWRITTEN : Version.of(files);
        Map<String, Domain> domains = new LinkedHashMap<>();
        read.forEach((name, roots) -> domains.put(name, DomainReader.read(name, version, roots)));
        reader.problems.throwIfErrors();
        return new Policy(version, domains);
    }

    private List<Path> files(Path place) {
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

    /** A domain that has no name is a problem, but its limits are read with the others'. */
    private Map<String, List<YamlMap>> filesByDomain(List<Path> files) {
        Map<String, List<YamlMap>> byDomain = new LinkedHashMap<>();
        for (Path file : files) {
            YamlMap root = YamlFile.read(file, problems);
            if (root != null) {
                root.rejectUnknown(DomainReader.KEYS, Map.of());
                String name = root.requireText("domain", "llm");
                byDomain.computeIfAbsent(name == null ? "" : name, none -> new ArrayList<>())
                        .add(root);
            }
        }
        return byDomain;
    }
}
