package dev.weir.tools.cases;

import dev.weir.config.ConfigException;
import dev.weir.config.Problems;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.policy.read.PolicyReader;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the policies that case files name, and reads each once. */
final class PolicyShelf {
    private final @Nullable Path inPlaceOfAll;
    private final Problems problems;
    private final Map<Path, Optional<Policy>> read = new HashMap<>();

    record Named(String name, Policy policy) {
        /** Returns the domain that a case file is about, or null after adding a problem. */
        @Nullable
        Domain domain(YamlMap file) {
            YamlValue value = file.get("domain");
            if (value == null) {
                Domain only = policy.domainOrOnly(null);
                if (only == null) {
                    file.problem("the policy has several domains; add for example `domain: " + known() + "`");
                }
                return only;
            }
            String text = value.asText();
            Domain domain = text == null ? null : policy.domain(text);
            if (text != null && domain == null) {
                value.problem("unknown domain `" + text + "`; the policy has " + known());
            }
            return domain;
        }

        private String known() {
            return String.join(", ", policy.domains().keySet().stream().sorted().toList());
        }
    }

    /** @param inPlaceOfAll the policy that replaces those that the files name; null to use those */
    PolicyShelf(@Nullable Path inPlaceOfAll, Problems problems) {
        this.inPlaceOfAll = inPlaceOfAll;
        this.problems = problems;
    }

    /** Returns the policy of a case file, or null after adding its problems, which are added once however many files name it. */
    @Nullable
    Named find(Path file, YamlMap root) {
        Path place = inPlaceOfAll == null ? named(file, root) : inPlaceOfAll;
        if (place == null) {
            return null;
        }
        return read.computeIfAbsent(place.toAbsolutePath().normalize(), key -> read(place))
                .map(policy -> new Named(place.toString(), policy))
                .orElse(null);
    }

    private static @Nullable Path named(Path file, YamlMap root) {
        YamlValue value = root.get("policy");
        if (value == null) {
            root.problem("`policy` is missing; add for example `policy: policy.yaml`, or use --policy");
            return null;
        }
        String text = value.asText();
        try {
            return text == null ? null : file.resolveSibling(text);
        } catch (InvalidPathException e) {
            value.problem("this cannot be the name of a file; write for example policy.yaml");
            return null;
        }
    }

    private Optional<Policy> read(Path place) {
        try {
            return Optional.of(PolicyReader.read(place));
        } catch (ConfigException e) {
            e.problems().forEach(problems::add);
            return Optional.empty();
        }
    }
}
