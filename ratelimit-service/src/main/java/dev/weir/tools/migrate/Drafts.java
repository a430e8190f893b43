package dev.weir.tools.migrate;

import dev.weir.policy.DescriptorLimit;
import dev.weir.policy.DescriptorTree;
import dev.weir.policy.Descriptors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes drafts of the limits of a domain. A limit that applies where others are found becomes a default of their tier, so that it gives
 * way to them; where that does not help, the draft says so.
 */
final class Drafts {
    private final Descriptors descriptors;
    private final List<Route> routes;
    private final Map<DescriptorLimit, Overlap> overlaps = new LinkedHashMap<>();
    private final Map<DescriptorLimit, String> tiers = new HashMap<>();
    /** The limits that others give way to. */
    private final Set<DescriptorLimit> preferred = new HashSet<>();

    private Drafts(Descriptors descriptors) {
        this.descriptors = descriptors;
        this.routes = Route.all(descriptors.tree());
    }

    /** Returns the drafts in the order of the file. */
    static List<Draft> of(Descriptors descriptors, LimitNames names) {
        return new Drafts(descriptors).drafts(names);
    }

    private List<Draft> drafts(LimitNames names) {
        DescriptorTree tree = descriptors.tree();
        Set<List<String>> shapes = Overlap.shapes(tree);
        for (Route route : routes) {
            tiers.put(route.leaf(), Tiers.of(route));
            if (isWritten(route) && !route.isShadow()) {
                overlaps.put(route.leaf(), Overlap.of(route, tree.root(), shapes));
            }
        }
        overlaps.values().forEach(overlap -> preferred.addAll(overlap.others()));
        joinTiers();
        return routes.stream().map(route -> draft(route, names)).toList();
    }

    private static boolean isWritten(Route route) {
        return route.unwritable().isEmpty() && !route.isUnreachable();
    }

    /** Puts a default and the limits it gives way to into the earliest of their tiers, since it gives way within its tier only. */
    private void joinTiers() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Map.Entry<DescriptorLimit, Overlap> entry : overlaps.entrySet()) {
                List<DescriptorLimit> together =
                        new ArrayList<>(entry.getValue().others());
                together.add(entry.getKey());
                String tier = together.stream().map(this::tier).reduce(Tiers.EVERYBODY, Tiers::earlier);
                for (DescriptorLimit leaf : together) {
                    changed |= !tier.equals(tiers.put(leaf, tier));
                }
            }
        }
    }

    private String tier(DescriptorLimit leaf) {
        return tiers.getOrDefault(leaf, Tiers.EVERYBODY);
    }

    private Draft draft(Route route, LimitNames names) {
        DescriptorLimit leaf = route.leaf();
        List<String> differs = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        if (route.isUnreachable()) {
            notes.add("never found, because other values of its key take all; left out");
        }
        route.unwritable().ifPresent(reason -> differs.add("left out: " + reason));
        Overlap overlap = overlaps.get(leaf);
        boolean unlimited = route.limit().allow().unlimited();
        boolean isDefault = overlap != null && !overlap.others().isEmpty();
        if (overlap != null) {
            List<String> beyond = beyond(overlap);
            // An unlimited one does no harm where it should not apply, except to the defaults that it would displace.
            boolean harmless = unlimited && !preferred.contains(leaf);
            isDefault |= harmless && !beyond.isEmpty();
            if (!harmless) {
                beyond.forEach(where -> differs.add("applies " + where + ", too"));
            }
        }
        if (isWritten(route)) {
            addFlags(leaf, differs, notes);
        }
        return new Draft(route, names.of(route), tier(leaf), isDefault, differs, notes, !isWritten(route));
    }

    private List<String> beyond(Overlap overlap) {
        List<String> beyond = new ArrayList<>(overlap.beyond());
        for (DescriptorLimit other : overlap.others()) {
            if (!displaces(other)) {
                beyond.add("where the limit of " + Text.quoted(other.limit().name()) + " is found");
            }
        }
        return beyond;
    }

    /** Returns whether the limit is written, enforced and no default itself. */
    private boolean displaces(DescriptorLimit leaf) {
        Overlap own = overlaps.get(leaf);
        return own != null && own.others().isEmpty();
    }

    private void addFlags(DescriptorLimit leaf, List<String> differs, List<String> notes) {
        if (leaf.quota()) {
            differs.add("`quota_mode` is lost: it refuses alone, and not only together with all others in quota mode");
        }
        List<String> replaced = routes.stream()
                .map(route -> route.leaf().name())
                .filter(leaf.replaces()::contains)
                .distinct()
                .map(Text::quoted)
                .toList();
        if (!replaced.isEmpty()) {
            differs.add("`replaces` is lost: " + String.join(", ", replaced)
                    + " holds for other descriptors of the same request, too");
        }
        if (leaf.detailedMetric()) {
            notes.add("`detailed_metric` is lost: name attributes in the domain's `metrics`");
        }
        if (!leaf.metadata().isEmpty()) {
            notes.add("`metadata` is lost: Envoy is not told of it");
        }
    }
}
