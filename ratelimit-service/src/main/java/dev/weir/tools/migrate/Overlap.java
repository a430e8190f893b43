package dev.weir.tools.migrate;

import dev.weir.policy.DescriptorLimit;
import dev.weir.policy.DescriptorNode;
import dev.weir.policy.DescriptorTree;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The places where a limit applies by names and values alone, although the tree finds other limits there, or none.
 *
 * @param others the limits found in its place, wherever it can give way
 * @param beyond the other places, in words
 */
record Overlap(Set<DescriptorLimit> others, List<String> beyond) {
    /** Returns all sequences of keys that lead somewhere. */
    static Set<List<String>> shapes(DescriptorTree tree) {
        Set<List<String>> shapes = new LinkedHashSet<>();
        collect(tree.root(), List.of(), shapes);
        return shapes;
    }

    private static void collect(DescriptorNode node, List<String> above, Set<List<String>> shapes) {
        for (DescriptorNode child : node.children().values()) {
            List<String> shape = new ArrayList<>(above);
            shape.add(child.key());
            shapes.add(List.copyOf(shape));
            collect(child, shape, shapes);
        }
    }

    static Overlap of(Route route, DescriptorNode root, Set<List<String>> shapes) {
        Overlap overlap = new Overlap(new LinkedHashSet<>(), new ArrayList<>());
        overlap.addValues(route);
        List<String> keys = route.keys();
        for (List<String> shape : shapes) {
            if (!shape.equals(keys) && shape.containsAll(keys)) {
                overlap.addShape(route, keys, shape, root);
            }
        }
        return overlap;
    }

    private void addValues(Route route) {
        for (int i = 0; i < route.levels().size(); i++) {
            boolean last = i == route.levels().size() - 1;
            for (DescriptorNode other : route.levels().get(i).overlaps()) {
                DescriptorLimit leaf = other.leaf();
                if (last && leaf != null) {
                    others.add(leaf);
                } else {
                    beyond.add(
                            "to values of " + Text.quoted(other.key()) + " that go by " + Text.quoted(other.value()));
                }
            }
        }
    }

    private void addShape(Route route, List<String> keys, List<String> shape, DescriptorNode root) {
        boolean below = !route.isWide()
                && shape.size() > keys.size()
                && shape.subList(0, keys.size()).equals(keys);
        Set<DescriptorLimit> found = new LinkedHashSet<>();
        boolean always = below
                ? leads(route.node(), shape.subList(keys.size(), shape.size()), found)
                : leads(root, shape, found);
        if (always) {
            others.addAll(found);
        } else {
            beyond.add("to descriptors of "
                    + String.join(", ", shape.stream().map(Text::quoted).toList()));
        }
    }

    /** Adds the limits that these keys lead to, and returns whether all of their values lead to one. */
    private static boolean leads(DescriptorNode node, List<String> keys, Set<DescriptorLimit> found) {
        DescriptorLimit leaf = node.leaf();
        if (keys.isEmpty()) {
            return leaf != null && found.add(leaf);
        }
        boolean any = false;
        for (DescriptorNode child : node.children().values()) {
            if (child.key().equals(keys.get(0))) {
                Level level = Level.of(node, child);
                any |= level.isAny() || (level.isPattern() && Level.glob(child).matches("\u0001"));
                if (!level.isUnreachable() && !leads(child, keys.subList(1, keys.size()), found)) {
                    return false;
                }
            }
        }
        return any;
    }
}
