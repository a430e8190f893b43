package dev.weir.tools.lint.envoy;

import dev.weir.config.Location;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.policy.DescriptorLimit;
import dev.weir.policy.DescriptorNode;
import dev.weir.policy.Descriptors;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks whether descriptors and limits meet in the dialect of envoyproxy/ratelimit, where a limit is found by all entries of a descriptor
 * in their order: one that is missing, swapped or added leads elsewhere, and the request passes.
 */
final class PositionCheck {
    private final Policy policy;
    private final Problems problems;

    PositionCheck(Policy policy, Problems problems) {
        this.policy = policy;
        this.problems = problems;
    }

    void check(EnvoyFile file) {
        for (Domain domain : policy.domains().values()) {
            Descriptors descriptors = domain.descriptors();
            if (descriptors != null) {
                check(file, domain.name(), descriptors);
            }
        }
    }

    private void check(EnvoyFile file, String domain, Descriptors descriptors) {
        Set<DescriptorLimit> reached = new HashSet<>();
        Location place = null;
        boolean open = false;
        for (Chain chain : file.chains()) {
            for (Chain.Call call : chain.calls()) {
                if (call.domain().equals(domain)) {
                    place = place == null ? call.place() : place;
                    for (Entry entry : call.asking()) {
                        open |= entry.open() || entry.attributes().isEmpty();
                        checkEntry(entry, domain, descriptors, reached);
                    }
                }
            }
        }
        if (place != null && !open) {
            for (DescriptorLimit leaf : descriptors.tree().leaves()) {
                if (!reached.contains(leaf)) {
                    problems.add(new Problem(
                            place,
                            EnvoyRules.UNREACHABLE_LIMIT,
                            "limit `" + leaf.limit().name()
                                    + "` never applies: no descriptor here has its entries, in its"
                                    + " order and no others; correct one of the two"));
                }
            }
        }
    }

    private void checkEntry(Entry entry, String domain, Descriptors descriptors, Set<DescriptorLimit> reached) {
        if (entry.open() || entry.hasOwnLimit() || entry.attributes().isEmpty()) {
            return;
        }
        Set<DescriptorLimit> found = leaves(entry, descriptors);
        reached.addAll(found);
        if (found.isEmpty()) {
            problems.add(entry.block()
                    .problem(
                            EnvoyRules.LEADS_NOWHERE,
                            "these entries, in this order, lead to no limit of domain `" + domain
                                    + "`, so they limit nothing: "
                                    + entry.attributes().stream()
                                            .map(Attribute::name)
                                            .collect(Collectors.joining(", "))
                                    + "; send the entries of a limit, all of them and in its order"));
        }
    }

    /** Returns the limits that a descriptor of this kind may lead to. */
    private static Set<DescriptorLimit> leaves(Entry entry, Descriptors descriptors) {
        Set<DescriptorNode> nodes = Set.of(descriptors.tree().root());
        for (Attribute attribute : entry.attributes()) {
            Set<DescriptorNode> next = new LinkedHashSet<>();
            for (DescriptorNode node : nodes) {
                next.addAll(children(node, attribute));
            }
            if (attribute.optional()) {
                next.addAll(nodes);
            }
            nodes = next;
        }
        Set<DescriptorLimit> leaves = new HashSet<>();
        for (DescriptorNode node : nodes) {
            if (node.leaf() != null) {
                leaves.add(node.leaf());
            }
        }
        return leaves;
    }

    private static List<DescriptorNode> children(DescriptorNode node, Attribute attribute) {
        String key = attribute.name();
        if (attribute.fixed() == null) {
            return node.children().values().stream()
                    .filter(child -> child.key().equals(key))
                    .toList();
        }
        String keyAndValue = key + "_" + attribute.fixed();
        List<DescriptorNode> found = new ArrayList<>();
        DescriptorNode exact = node.children().get(keyAndValue);
        DescriptorNode wildcard = exact == null ? node.wildcard(keyAndValue) : exact;
        DescriptorNode any = wildcard == null ? node.children().get(key) : wildcard;
        if (any != null) {
            found.add(any);
        }
        return found;
    }
}
