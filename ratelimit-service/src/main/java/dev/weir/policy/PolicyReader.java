package dev.weir.policy;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.YamlFile;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlRules;
import dev.weir.config.YamlValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads policies, one domain a file. */
public final class PolicyReader {
    private static final List<String> DOMAIN_KEYS = List.of("domain", "time_zone", "limits");

    private final Problems problems = new Problems();

    private PolicyReader() {}

    /**
     * @param place a file, or a folder whose {@code *.yaml} and {@code *.yml} files are all read
     * @throws ConfigException with all problems of all files; nothing of a policy with a problem is used
     */
    public static Policy read(Path place) throws ConfigException {
        PolicyReader reader = new PolicyReader();
        Map<String, Domain> domains = new LinkedHashMap<>();
        for (Path file : reader.files(place)) {
            YamlMap root = YamlFile.read(file, reader.problems);
            if (root != null) {
                reader.readDomain(root, domains);
            }
        }
        reader.problems.throwIfErrors();
        return new Policy(domains);
    }

    private List<Path> files(Path place) {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> entries = Files.list(place)) {
            List<Path> files = entries.filter(Files::isRegularFile)
                    .filter(file ->
                            file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                problems.add(new Problem(place.toString(), YamlRules.FILE, "holds no *.yaml or *.yml file"));
            }
            return files;
        } catch (IOException e) {
            problems.add(new Problem(place.toString(), YamlRules.FILE, "cannot be listed: " + e));
            return List.of();
        }
    }

    private void readDomain(YamlMap root, Map<String, Domain> domains) {
        root.rejectUnknown(DOMAIN_KEYS, Map.of());
        String name = root.requireText("domain", "llm");
        YamlValue list = root.require("limits", "[]");
        List<YamlValue> items = list == null ? null : list.asList();
        if (list == null || items == null) {
            return;
        }
        if (items.isEmpty()) {
            list.problem("a domain without limits would let everything pass; add a limit");
        }
        LimitReader limits = new LimitReader(name == null ? "" : name, readZone(root.get("time_zone")));
        List<Limit> read = new ArrayList<>();
        for (YamlValue item : items) {
            YamlMap fields = item.asMap();
            Limit limit = fields == null ? null : limits.read(fields);
            if (limit != null) {
                read.add(limit);
            }
        }
        if (name != null && domains.putIfAbsent(name, new Domain(name, inOrder(read))) != null) {
            root.problem("domain `" + name + "` stands in another file already; put its limits into one file");
        }
    }

    private static List<Limit> inOrder(List<Limit> read) {
        List<Limit> sorted = new ArrayList<>(read);
        sorted.sort(Comparator.comparing(Limit::tier));
        for (int order = 0; order < sorted.size(); order++) {
            sorted.set(order, sorted.get(order).inPlace(order));
        }
        return sorted;
    }

    private static ZoneId readZone(@Nullable YamlValue value) {
        String name = value == null ? "UTC" : value.asText();
        if (value == null || name == null) {
            return ZoneOffset.UTC;
        }
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            value.problem("unknown time zone `" + name + "`; write for example Europe/Berlin");
            return ZoneOffset.UTC;
        }
    }
}
