package dev.weir.policy;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.YamlFile;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.request.Attributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads policies, one domain a file. */
public final class PolicyReader {
    private static final String NOT_YET = "is not enforced by this version; ";
    private static final List<String> DOMAIN_KEYS = List.of("domain", "limits");
    private static final Map<String, String> DOMAIN_KEYS_TO_COME =
            Map.of("time_zone", NOT_YET + "it belongs to calendar windows; remove it");
    private static final List<String> LIMIT_KEYS =
            List.of("name", "tier", "per", "when", "allow", "algorithm", "estimate");
    private static final Map<String, String> LIMIT_KEYS_TO_COME = Map.of(
            "burst", NOT_YET + "it belongs to token_bucket; remove it",
            "mode", NOT_YET + "every limit is enforced; remove it",
            "charge", NOT_YET + "tokens are held at admission and settled at the end; remove it",
            "default", NOT_YET + "write the values it is meant for into `when`; remove it");
    private static final List<String> ALGORITHMS_TO_COME = List.of("token_bucket", "fixed_window", "unlimited");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

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
        reader.problems.throwIfAny();
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
                problems.add(new Problem(place.toString(), 0, 0, "holds no *.yaml or *.yml file"));
            }
            return files;
        } catch (IOException e) {
            problems.add(new Problem(place.toString(), 0, 0, "cannot be listed: " + e));
            return List.of();
        }
    }

    private void readDomain(YamlMap root, Map<String, Domain> domains) {
        root.rejectUnknown(DOMAIN_KEYS, DOMAIN_KEYS_TO_COME);
        String name = root.requireText("domain", "llm");
        YamlValue limits = root.require("limits", "[]");
        List<YamlValue> items = limits == null ? null : limits.asList();
        if (limits == null || items == null) {
            return;
        }
        if (items.isEmpty()) {
            limits.problem("a domain without limits would let everything pass; add a limit");
        }
        Set<String> names = new HashSet<>();
        List<Limit> read = new ArrayList<>();
        for (YamlValue item : items) {
            YamlMap fields = item.asMap();
            Limit limit = fields == null ? null : readLimit(name == null ? "" : name, fields, names);
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

    private @Nullable Limit readLimit(String domain, YamlMap fields, Set<String> names) {
        fields.rejectUnknown(LIMIT_KEYS, LIMIT_KEYS_TO_COME);
        rejectOtherAlgorithms(fields.get("algorithm"));
        String name = fields.requireText("name", "user-requests");
        if (name != null && !names.add(name)) {
            fields.problem("limit `" + name + "` stands in this file already; give it a name of its own");
        }
        if (name != null && !NAME.matcher(name).matches()) {
            fields.problem("limit `" + name + "`: a name has letters, digits, dots, dashes and underscores only;"
                    + " it goes into headers and metrics");
        }
        Tier tier = readTier(fields.require("tier", "user"));
        List<String> per = readPer(fields.get("per"));
        Map<String, String> when = readWhen(fields.get("when"));
        YamlValue allowed = fields.require("allow", "20 requests / 1m");
        Allowance allow = allowed == null ? null : AllowanceReader.read(allowed);
        if (allow == null) {
            return null;
        }
        long estimate = readEstimate(fields, allow);
        if (name == null || tier == null || per == null || when == null) {
            return null;
        }
        return new Limit(
                name, 0, tier, per, when, allow, estimate, BucketNames.prefix(domain, name, allow.window(), per));
    }

    private static void rejectOtherAlgorithms(@Nullable YamlValue algorithm) {
        String text = algorithm == null ? null : algorithm.asText();
        if (algorithm == null || text == null || text.equals("sliding_window")) {
            return;
        }
        algorithm.problem(
                ALGORITHMS_TO_COME.contains(text)
                        ? "algorithm `" + text + "` is not enforced by this version; use sliding_window"
                        : "unknown algorithm `" + text + "`; use sliding_window");
    }

    private static @Nullable Tier readTier(@Nullable YamlValue value) {
        String word = value == null ? null : value.asText();
        if (value == null || word == null) {
            return null;
        }
        Optional<Tier> tier = Tier.ofWord(word);
        if (tier.isEmpty()) {
            value.problem("unknown tier `" + word + "`; use one of " + String.join(", ", Tier.words()));
        }
        return tier.orElse(null);
    }

    private static @Nullable List<String> readPer(@Nullable YamlValue value) {
        if (value == null) {
            return List.of();
        }
        List<YamlValue> items = value.asList();
        if (items == null) {
            return null;
        }
        List<String> names = new ArrayList<>();
        for (YamlValue item : items) {
            String name = item.asText();
            if (name == null) {
                continue;
            }
            rejectReserved(name, item);
            if (names.contains(name)) {
                item.problem("`" + name + "` stands in this list already; remove one");
            }
            names.add(name);
        }
        return names;
    }

    private static @Nullable Map<String, String> readWhen(@Nullable YamlValue value) {
        if (value == null) {
            return Map.of();
        }
        YamlMap pairs = value.asMap();
        if (pairs == null) {
            return null;
        }
        Map<String, String> when = pairs.asTexts();
        when.keySet().forEach(name -> rejectReserved(name, value));
        return when;
    }

    private static void rejectReserved(String name, YamlValue place) {
        if (name.startsWith(Attributes.RESERVED_PREFIX)) {
            place.problem("`" + name + "`: names that start with `" + Attributes.RESERVED_PREFIX
                    + "` steer Weir and cannot be limited; choose another attribute");
        }
    }

    private static long readEstimate(YamlMap fields, Allowance allow) {
        YamlValue value = fields.get("estimate");
        if (value == null) {
            if (allow.measure() == Measure.TOKENS) {
                fields.problem("a limit on tokens needs an estimate for requests without `max_tokens`;"
                        + " add for example `estimate: 1k`");
            }
            return 0;
        }
        if (allow.measure() != Measure.TOKENS) {
            value.problem("an estimate belongs to limits on tokens; remove it");
            return 0;
        }
        String text = value.asText();
        long estimate = text == null ? 0 : AllowanceReader.amount(text);
        if (estimate < 0) {
            value.problem("`" + text + "` is not an amount; write for example 500, 1k or 4M");
        } else if (estimate > allow.amount()) {
            value.problem("an estimate above the limit refuses every request without `max_tokens`; lower it to at most "
                    + allow.amount());
        }
        return estimate;
    }
}
