package dev.weir.policy.read;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.YamlFile;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlRules;
import dev.weir.policy.Deployment;
import dev.weir.policy.DescriptorSettings;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.policy.Source;
import dev.weir.policy.Version;
import dev.weir.policy.descriptors.DescriptorConfig;
import dev.weir.policy.descriptors.DescriptorDomain;
import dev.weir.policy.descriptors.DescriptorRules;
import dev.weir.policy.descriptors.DescriptorsReader;
import dev.weir.policy.limits.DomainReader;
import dev.weir.policy.limits.PolicyRules;
import dev.weir.policy.tiers.TiersReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads policies. A domain may stand in several files, a file holds one domain, and its keys tell which dialect it is in:
 * {@code limits} are native ones, {@code descriptors} those of envoyproxy/ratelimit, {@code rate_limits} those of a gateway.
 */
public final class PolicyReader {
    private final Problems problems = new Problems();
    private final List<YamlMap> tiers = new ArrayList<>();
    private final DescriptorSettings reference;
    private final boolean isReference;

    /** @param isReference whether files that do not say otherwise are in the reference's dialect */
    private PolicyReader(DescriptorSettings reference, boolean isReference) {
        this.reference = reference;
        this.isReference = isReference;
    }

    /**
     * @param place a file, or a folder whose {@code *.yaml} and {@code *.yml} files are all read, except hidden ones and those that
     *     end with {@code .test.yaml} or {@code .test.yml}, which hold cases
     * @throws ConfigException with all problems of all files; nothing of a policy with a problem is used
     */
    public static Policy read(Path place) throws ConfigException {
        PolicyReader reader = new PolicyReader(DescriptorSettings.DEFAULT, false);
        return reader.read(PolicyFiles.of(place, reader.problems));
    }

    /**
     * Reads files as envoyproxy/ratelimit does: in its dialect, except those with {@code limits} or {@code rate_limits}.
     *
     * @param files the files, whatever their names
     * @throws ConfigException with all problems of all files; nothing of a policy with a problem is used
     */
    public static Policy read(List<Path> files, DescriptorSettings reference) throws ConfigException {
        return new PolicyReader(reference, true).read(files);
    }

    private Policy read(List<Path> files) throws ConfigException {
        Map<String, List<YamlMap>> read = filesByDomain(files);
        String version = problems.hasErrors() ? Policy.UNWRITTEN : version(files);
        Map<String, Domain> domains = new LinkedHashMap<>();
        read.forEach((name, roots) -> domains.put(name, domain(name, version, roots)));
        Deployment deployment = readTiers(version, domains);
        problems.throwIfErrors();
        Domain others = isReference ? DescriptorDomain.none(version, reference) : null;
        return new Policy(version, domains, others, deployment);
    }

    /** Computes the version from what the files hold, whatever their names. */
    private String version(List<Path> files) {
        List<byte[]> texts = new ArrayList<>();
        for (Path file : files) {
            try {
                texts.add(Files.readAllBytes(file));
            } catch (IOException e) {
                problems.add(new Problem(file.toString(), YamlRules.FILE, "cannot be read any more: " + e));
            }
        }
        return Version.ofTexts(texts);
    }

    /** @param domains gets the domain of a file in the tiers dialect, which no other file may share */
    private Deployment readTiers(String version, Map<String, Domain> domains) {
        Deployment deployment = Deployment.UNSAID;
        for (YamlMap root : tiers) {
            TiersReader.Tiers read = TiersReader.read(root, version);
            deployment = read.deployment();
            if (domains.putIfAbsent(read.domain().name(), read.domain()) != null) {
                root.problem(
                        PolicyRules.DOMAIN,
                        "the domain `" + read.domain().name()
                                + "` stands in another file already, and a file with `rate_limits` has a domain to itself;"
                                + " remove one, or add `domain: NAME` here");
            } else if (!root.equals(tiers.get(0))) {
                root.problem(
                        PolicyRules.DOMAIN,
                        "a policy has one file with `rate_limits`, and "
                                + tiers.get(0).place().file() + " is one; write this one with `limits`");
            }
        }
        return deployment;
    }

    /** Groups the files by domain. A missing name is a problem, but the limits are read like the others. */
    private Map<String, List<YamlMap>> filesByDomain(List<Path> files) {
        Map<String, List<YamlMap>> byDomain = new LinkedHashMap<>();
        for (Path file : files) {
            YamlMap root = YamlFile.read(file, problems);
            if (root != null && TiersReader.isTiers(root)) {
                tiers.add(root);
            } else if (root != null) {
                String name = root.requireText("domain", "llm");
                byDomain.computeIfAbsent(name == null ? "" : name, none -> new ArrayList<>())
                        .add(root);
            }
        }
        return byDomain;
    }

    private Domain domain(String name, String version, List<YamlMap> files) {
        List<YamlMap> dialect = files.stream().filter(this::isDescriptors).toList();
        if (dialect.isEmpty()) {
            files.forEach(file -> file.rejectUnknown(DomainReader.KEYS, Map.of()));
            return DomainReader.read(name, version, files);
        }
        for (YamlMap file : files) {
            if (!dialect.contains(file)) {
                file.problem(
                        PolicyRules.DOMAIN,
                        "the domain `" + name + "` has `descriptors` in "
                                + dialect.get(0).place().file() + "; write all of it in one dialect");
            }
        }
        return descriptors(name, version, dialect);
    }

    private boolean isDescriptors(YamlMap file) {
        return file.get("limits") == null && (isReference || file.get(DescriptorsReader.MARK) != null);
    }

    private Domain descriptors(String name, String version, List<YamlMap> files) {
        List<DescriptorConfig> written = new ArrayList<>();
        boolean allOrNothing = false;
        for (YamlMap file : files) {
            if (!reference.mergesFiles() && file != files.get(0)) {
                file.problem(
                        DescriptorRules.DESCRIPTOR,
                        "the domain `" + name + "` stands in "
                                + files.get(0).place().file()
                                + " already; give it one file, or set MERGE_DOMAIN_CONFIG=true");
            }
            written.addAll(DescriptorsReader.descriptors(file));
            allOrNothing |= DescriptorsReader.allOrNothing(file);
        }
        Source source = new Source(files.get(0).place(), Map.of());
        return DescriptorDomain.of(name, version, written, allOrNothing, reference, source, problems)
                .withNotes(notes(files));
    }

    /** Returns what was found in these files and is no error. */
    private List<Problem> notes(List<YamlMap> files) {
        Set<String> names = files.stream().map(file -> file.place().file()).collect(Collectors.toSet());
        return problems.inOrder().stream()
                .filter(problem ->
                        !problem.isError() && names.contains(problem.place().file()))
                .toList();
    }
}
