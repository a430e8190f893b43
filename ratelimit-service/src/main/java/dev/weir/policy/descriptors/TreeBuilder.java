package dev.weir.policy.descriptors;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Periods;
import dev.weir.config.Place;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.Rule;
import dev.weir.config.Spelling;
import dev.weir.policy.Allowance;
import dev.weir.policy.BucketNames;
import dev.weir.policy.Estimate;
import dev.weir.policy.Glob;
import dev.weir.policy.Limit;
import dev.weir.policy.Measure;
import dev.weir.policy.Mode;
import dev.weir.policy.Scope;
import dev.weir.policy.Source;
import dev.weir.policy.Tier;
import dev.weir.policy.Window;
import dev.weir.policy.Wording;
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
public final class TreeBuilder {
    /** Where the limits of the dialect stand; there is no order among them but that of the descriptors. */
    static final Tier TIER = new Tier("descriptor", 0);

    private static final List<String> UNITS = Arrays.stream(Unit.values())
            .map(unit -> unit.name().toLowerCase(Locale.ROOT))
            .toList();

    private final String domain;
    private final Problems problems;
    private final List<Leaf> leaves = new ArrayList<>();
    private final List<Written.Limit> limits = new ArrayList<>();

    private TreeBuilder(String domain, Problems problems) {
        this.domain = domain;
        this.problems = problems;
    }

    /** The tree without what has a problem. */
    public static DescriptorTree build(String domain, List<Written> descriptors, Problems problems) {
        TreeBuilder builder = new TreeBuilder(domain, problems);
        Node root = builder.node("", "", "", null, Written.Flags.NONE, builder.children(descriptors, "", List.of()));
        builder.checkReplaced();
        return new DescriptorTree(root, builder.leaves);
    }

    private Map<String, Node> children(List<Written> descriptors, String path, List<String> keys) {
        Map<String, Node> children = new LinkedHashMap<>();
        Map<String, Written> seen = new LinkedHashMap<>();
        for (Written written : descriptors) {
            if (written.key().isEmpty()) {
                problem(
                        written.places().apply("key"),
                        DescriptorRules.DESCRIPTOR,
                        "a descriptor needs a `key` that is not empty");
                continue;
            }
            String finalKey = written.finalKey();
            Written other = seen.putIfAbsent(finalKey, written);
            if (other != null) {
                problem(
                        written.places().apply("key"),
                        DescriptorRules.DESCRIPTOR,
                        "the descriptor `" + finalKey + "` stands at "
                                + other.places().apply("key") + " already; put what is below them together");
                continue;
            }
            checkReached(written, children.keySet());
            children.put(finalKey, child(written, path.isEmpty() ? finalKey : path + "." + finalKey, keys));
        }
        return children;
    }

    /** @param before what siblings before it are found by */
    private void checkReached(Written written, Set<String> before) {
        if (written.finalKey().indexOf('*') < 0) {
            return;
        }
        for (String other : before) {
            // Whoever matches the text of a wildcard, star and all, matches all that the wildcard does.
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

    private Node child(Written written, String path, List<String> keysAbove) {
        List<String> keys = new ArrayList<>(keysAbove);
        keys.add(written.key());
        if (written.flags().shareThreshold() && written.finalKey().indexOf('*') < 0) {
            problem(
                    written.places().apply("share_threshold"),
                    DescriptorRules.DESCRIPTOR,
                    "`share_threshold` lets the values that a wildcard stands for share one limit, and `"
                            + written.finalKey() + "` has no `*`; add one or remove it");
        }
        Leaf leaf = written.limit() == null ? null : leaf(written, written.limit(), path, keys);
        return node(
                written.key(),
                written.value(),
                written.finalKey(),
                leaf,
                written.flags(),
                children(written.descriptors(), path, keys));
    }

    private Node node(
            String key,
            String value,
            String finalKey,
            @Nullable Leaf leaf,
            Written.Flags flags,
            Map<String, Node> children) {
        List<Node.Wildcard> wildcards = children.entrySet().stream()
                .filter(child -> child.getKey().indexOf('*') >= 0)
                .map(child -> new Node.Wildcard(glob(child.getKey()), child.getValue()))
                .toList();
        return new Node(key, value, finalKey, leaf, flags.valueToMetric(), flags.shareThreshold(), children, wildcards);
    }

    /** Without the escapes of native globs, which the dialect does not have. */
    private static Glob glob(String finalKey) {
        return new Glob(Arrays.asList(finalKey.split("\\*", -1)));
    }

    private @Nullable Leaf leaf(Written written, Written.Limit limit, String path, List<String> keys) {
        checkReplaces(limit);
        Optional<Unit> unit = Unit.of(limit.unit());
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
        Leaf leaf = new Leaf(
                limit(written, limit, unit.orElse(null), path, keys),
                limit.name(),
                limit.replaces(),
                written.metadata(),
                written.flags().quotaMode(),
                written.flags().detailedMetric());
        leaves.add(leaf);
        return leaf;
    }

    private Limit limit(Written written, Written.Limit limit, @Nullable Unit unit, String path, List<String> keys) {
        Algorithm algorithm = unit == null ? new Algorithm.Unlimited() : counting(limit.requests(), unit.window());
        long amount = unit == null ? Allowance.UNLIMITED : limit.requests();
        Window window = unit == null ? new Window.None() : unit.window();
        Mode mode = written.flags().shadowMode()
                ? new Mode.Shadow()
                : written.flags().quotaMode() ? new Mode.Quota() : new Mode.Enforced();
        return new Limit(
                path,
                leaves.size(),
                TIER,
                new Scope(keys.stream().distinct().toList(), List.of(), mode, false),
                new Allowance(amount, Measure.REQUESTS, window),
                Estimate.NONE,
                algorithm,
                BucketNames.countingPrefix(domain, algorithm),
                Wording.NONE,
                new Source(written.places().apply("rate_limit"), Map.of()));
    }

    static Algorithm counting(long requests, Window.Length window) {
        return new Algorithm.Counting(requests, new Periods.Every(window.micros()));
    }

    private void checkReplaces(Written.Limit limit) {
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
        Set<String> names = limits.stream().map(Written.Limit::name).collect(Collectors.toSet());
        for (Written.Limit limit : limits) {
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

    private void problem(Place place, Rule rule, String message) {
        problems.add(new Problem(place, rule, message));
    }
}
