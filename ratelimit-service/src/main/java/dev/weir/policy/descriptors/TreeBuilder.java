package dev.weir.policy.descriptors;

import dev.weir.bucket.Algorithm;
import dev.weir.config.Location;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.Rule;
import dev.weir.config.Spelling;
import dev.weir.measure.Measure;
import dev.weir.policy.Allowance;
import dev.weir.policy.BucketNames;
import dev.weir.policy.DescriptorLimit;
import dev.weir.policy.DescriptorNode;
import dev.weir.policy.DescriptorTree;
import dev.weir.policy.DescriptorUnit;
import dev.weir.policy.Estimate;
import dev.weir.policy.Glob;
import dev.weir.policy.Limit;
import dev.weir.policy.Mode;
import dev.weir.policy.Scope;
import dev.weir.policy.Source;
import dev.weir.policy.Window;
import dev.weir.policy.Wording;
import dev.weir.request.Attributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the tree of a domain out of what was written, from however many files or messages, and says what is wrong with it. */
final class TreeBuilder {
    private static final List<String> UNITS = Arrays.stream(DescriptorUnit.values())
            .map(unit -> unit.name().toLowerCase(Locale.ROOT))
            .toList();

    private final String domain;
    private final Problems problems;
    private final List<DescriptorLimit> leaves = new ArrayList<>();
    private final List<DescriptorConfig.Limit> limits = new ArrayList<>();

    private TreeBuilder(String domain, Problems problems) {
        this.domain = domain;
        this.problems = problems;
    }

    /** Makes the tree, without what has a problem. */
    static DescriptorTree build(String domain, List<DescriptorConfig> descriptors, Problems problems) {
        TreeBuilder builder = new TreeBuilder(domain, problems);
        DescriptorNode root = builder.node(
                "", "", "", null, DescriptorConfig.Flags.NONE, builder.children(descriptors, "", List.of()));
        builder.checkReplaced();
        return new DescriptorTree(root, builder.leaves);
    }

    private Map<String, DescriptorNode> children(List<DescriptorConfig> descriptors, String path, List<String> keys) {
        Map<String, DescriptorNode> children = new LinkedHashMap<>();
        Map<String, DescriptorConfig> seen = new LinkedHashMap<>();
        for (DescriptorConfig written : descriptors) {
            if (written.key().isEmpty()) {
                problem(
                        written.places().apply("key"),
                        DescriptorRules.DESCRIPTOR,
                        "a descriptor needs a `key` that is not empty");
                continue;
            }
            String finalKey = written.finalKey();
            DescriptorConfig other = seen.putIfAbsent(finalKey, written);
            if (other != null) {
                problem(
                        written.places().apply("key"),
                        DescriptorRules.DESCRIPTOR,
                        "the descriptor `" + finalKey + "` stands at "
                                + other.places().apply("key") + " already; put what is below them together");
                continue;
            }
            checkReserved(written);
            checkReached(written, children.keySet());
            children.put(finalKey, child(written, path.isEmpty() ? finalKey : path + "." + finalKey, keys));
        }
        return children;
    }

    private void checkReserved(DescriptorConfig written) {
        if (written.key().startsWith(Attributes.RESERVED_PREFIX)) {
            problem(
                    written.places().apply("key"),
                    DescriptorRules.RESERVED_ENTRY,
                    "`" + written.key() + "` is never matched: entries that start with `" + Attributes.RESERVED_PREFIX
                            + "` are for Weir itself; choose another key");
        }
    }

    /** @param before the texts that siblings before it are found by */
    private void checkReached(DescriptorConfig written, Set<String> before) {
        if (written.finalKey().indexOf('*') < 0) {
            return;
        }
        for (String other : before) {
            // A pattern that matches the text of a wildcard, star and all, matches all that the wildcard does.
            if (other.indexOf('*') >= 0 && glob(other).matches(written.finalKey())) {
                problem(
                        written.places().apply("value"),
                        DescriptorRules.HIDDEN_WILDCARD,
                        "`" + written.finalKey() + "` is never reached: `" + other
                                + "` stands before it and takes all that it would; put it first");
                return;
            }
        }
    }

    private DescriptorNode child(DescriptorConfig written, String path, List<String> keysAbove) {
        List<String> keys = new ArrayList<>(keysAbove);
        keys.add(written.key());
        if (written.flags().shareThreshold() && written.finalKey().indexOf('*') < 0) {
            problem(
                    written.places().apply("share_threshold"),
                    DescriptorRules.DESCRIPTOR,
                    "`share_threshold` lets the values that a wildcard stands for share one limit, and `"
                            + written.finalKey() + "` has no `*`; add one or remove it");
        }
        DescriptorLimit leaf = written.limit() == null ? null : leaf(written, written.limit(), path, keys);
        return node(
                written.key(),
                written.value(),
                written.finalKey(),
                leaf,
                written.flags(),
                children(written.descriptors(), path, keys));
    }

    private DescriptorNode node(
            String key,
            String value,
            String finalKey,
            @Nullable DescriptorLimit leaf,
            DescriptorConfig.Flags flags,
            Map<String, DescriptorNode> children) {
        List<DescriptorNode.Wildcard> wildcards = children.entrySet().stream()
                .filter(child -> child.getKey().indexOf('*') >= 0)
                .map(child -> new DescriptorNode.Wildcard(glob(child.getKey()), child.getValue()))
                .toList();
        return new DescriptorNode(
                key, value, finalKey, leaf, flags.valueToMetric(), flags.shareThreshold(), children, wildcards);
    }

    /** Makes a glob without the escapes of native ones, which the dialect does not have. */
    private static Glob glob(String finalKey) {
        return new Glob(Arrays.asList(finalKey.split("\\*", -1)));
    }

    private @Nullable DescriptorLimit leaf(
            DescriptorConfig written, DescriptorConfig.Limit limit, String path, List<String> keys) {
        checkReplaces(limit);
        Optional<DescriptorUnit> unit = DescriptorUnit.of(limit.unit());
        if (limit.unlimited() && unit.isPresent()) {
            problem(
                    limit.places().apply("unit"),
                    DescriptorRules.DESCRIPTOR,
                    "what is `unlimited` has no `unit`; remove one of them");
            return null;
        }
        if (!limit.unlimited() && unit.isEmpty()) {
            problem(
                    limit.places().apply("unit"),
                    DescriptorRules.DESCRIPTOR,
                    limit.unit().isEmpty()
                            ? "a limit needs a `unit`: " + String.join(", ", UNITS)
                            : Spelling.unknown("unit", limit.unit(), UNITS));
            return null;
        }
        limits.add(limit);
        DescriptorLimit leaf = new DescriptorLimit(
                limit(written, limit, unit.orElse(null), path, keys),
                limit.name(),
                limit.replaces(),
                written.metadata(),
                written.flags().quotaMode(),
                written.flags().detailedMetric());
        leaves.add(leaf);
        return leaf;
    }

    private Limit limit(
            DescriptorConfig written,
            DescriptorConfig.Limit limit,
            @Nullable DescriptorUnit unit,
            String path,
            List<String> keys) {
        Algorithm algorithm =
                unit == null ? new Algorithm.Unlimited() : DescriptorLimit.counter(limit.requests(), unit.window());
        long amount = unit == null ? Allowance.UNLIMITED : limit.requests();
        Window window = unit == null ? new Window.None() : unit.window();
        Mode mode = written.flags().shadowMode()
                ? new Mode.Shadow()
                : written.flags().quotaMode() ? new Mode.Quota() : new Mode.Enforced();
        return new Limit(
                path,
                leaves.size(),
                DescriptorLimit.TIER,
                new Scope(keys.stream().distinct().toList(), List.of(), mode, false),
                new Allowance(amount, Measure.REQUESTS, window),
                Estimate.NONE,
                algorithm,
                BucketNames.countingPrefix(domain, algorithm),
                Wording.NONE,
                new Source(written.places().apply("rate_limit"), Map.of()));
    }

    private void checkReplaces(DescriptorConfig.Limit limit) {
        for (String name : limit.replaces()) {
            if (name.isEmpty()) {
                problem(
                        limit.places().apply("replaces"),
                        DescriptorRules.DESCRIPTOR,
                        "an entry of `replaces` has no name; write `- name: NAME`, or remove it");
            } else if (name.equals(limit.name())) {
                problem(
                        limit.places().apply("replaces"),
                        DescriptorRules.DESCRIPTOR,
                        "`" + name + "` replaces itself, so it would never hold; remove it from `replaces`");
            }
        }
    }

    private void checkReplaced() {
        Set<String> names = limits.stream().map(DescriptorConfig.Limit::name).collect(Collectors.toSet());
        for (DescriptorConfig.Limit limit : limits) {
            for (String name : limit.replaces()) {
                if (!name.isEmpty() && !names.contains(name)) {
                    problem(
                            limit.places().apply("replaces"),
                            DescriptorRules.NOTHING_REPLACED,
                            "no limit of the domain has the name `" + name + "`, so nothing is replaced");
                }
            }
        }
    }

    private void problem(Location place, Rule rule, String message) {
        problems.add(new Problem(place, rule, message));
    }
}
