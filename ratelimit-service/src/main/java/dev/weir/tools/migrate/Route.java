package dev.weir.tools.migrate;

import dev.weir.policy.DescriptorLimit;
import dev.weir.policy.DescriptorNode;
import dev.weir.policy.DescriptorTree;
import dev.weir.policy.Limit;
import dev.weir.policy.Mode;
import dev.weir.policy.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The way through the tree to a limit. */
record Route(DescriptorLimit leaf, List<Level> levels) {
    private static final String RESERVED = "weir.";
    private static final long LONGEST_MICROS = 31L * 86_400 * 1_000_000;

    /** Returns the routes in the order of the file. */
    static List<Route> all(DescriptorTree tree) {
        List<Route> routes = new ArrayList<>();
        collect(tree.root(), List.of(), routes);
        return routes;
    }

    private static void collect(DescriptorNode node, List<Level> above, List<Route> routes) {
        DescriptorLimit leaf = node.leaf();
        if (leaf != null) {
            routes.add(new Route(leaf, above));
        }
        for (DescriptorNode child : node.children().values()) {
            List<Level> levels = Stream.concat(above.stream(), Stream.of(Level.of(node, child)))
                    .toList();
            collect(child, levels, routes);
        }
    }

    Limit limit() {
        return leaf.limit();
    }

    DescriptorNode node() {
        return levels.get(levels.size() - 1).node();
    }

    List<String> keys() {
        return levels.stream().map(Level::key).toList();
    }

    boolean isShadow() {
        return limit().scope().mode() instanceof Mode.Shadow;
    }

    boolean isUnreachable() {
        return levels.stream().anyMatch(Level::isUnreachable);
    }

    /** Returns whether its conditions hold for values that lead elsewhere. */
    boolean isWide() {
        return levels.stream().anyMatch(level -> !level.overlaps().isEmpty());
    }

    /** Returns what no native limit can say, as the reason why it is left out. */
    Optional<String> unwritable() {
        List<String> keys = keys();
        for (Level level : levels) {
            String key = level.key();
            if (key.indexOf('*') >= 0) {
                return Optional.of("the key " + Text.quoted(key) + " is a pattern, and names of attributes are none");
            }
            if (key.startsWith(RESERVED)) {
                return Optional.of("the key " + Text.quoted(key) + " steers Weir itself");
            }
            if (level.node().value().contains("\\*")) {
                return Optional.of("a backslash before a star makes it an ordinary character");
            }
        }
        if (keys.stream().distinct().count() < keys.size()) {
            return Optional.of("a key stands twice, and of two entries with one name the first counts");
        }
        return limit().allow().window() instanceof Window.Length length && length.micros() > LONGEST_MICROS
                ? Optional.of("a window has at most 31 days; write what it comes to in `30d`")
                : Optional.empty();
    }
}
