package dev.weir.tools.migrate;

import dev.weir.policy.DescriptorNode;
import dev.weir.policy.Glob;
import java.util.Arrays;
import java.util.List;

/**
 * A step on a way through the tree: the descriptor that takes the entry, and those beside it.
 *
 * @param beside the other descriptors with the same key
 * @param earlier those of them above it in the file
 */
record Level(DescriptorNode node, List<DescriptorNode> beside, List<DescriptorNode> earlier) {
    /** A character that no policy has. It replaces whatever a star or a missing value stands for. */
    private static final String ANYTHING = "\u0001";

    static Level of(DescriptorNode parent, DescriptorNode node) {
        List<DescriptorNode> all = parent.children().values().stream()
                .filter(child -> child.key().equals(node.key()))
                .toList();
        List<DescriptorNode> beside = all.stream()
                .filter(other -> !other.finalKey().equals(node.finalKey()))
                .toList();
        return new Level(node, beside, all.subList(0, all.indexOf(node)));
    }

    String key() {
        return node.key();
    }

    boolean isAny() {
        return node.value().isEmpty();
    }

    boolean isPattern() {
        return isPattern(node);
    }

    static boolean isPattern(DescriptorNode node) {
        return node.value().indexOf('*') >= 0;
    }

    /** Returns whether the values share a bucket, or there is only one value. */
    boolean isShared() {
        return !isAny() && (!isPattern() || node.sharesThreshold());
    }

    /** Returns whether others take everything that would come to it. */
    boolean isUnreachable() {
        String widest = isAny() ? ANYTHING : node.value().replace("*", ANYTHING);
        return (isAny() ? beside : isPattern() ? earlier : List.<DescriptorNode>of())
                .stream().filter(Level::isPattern).anyMatch(other -> glob(other).matches(widest));
    }

    /** Returns the others that take some of the values that its pattern fits. */
    List<DescriptorNode> overlaps() {
        if (!isPattern()) {
            return List.of();
        }
        return beside.stream()
                .filter(other -> !other.value().isEmpty())
                .filter(other -> isPattern(other)
                        ? earlier.contains(other) && meet(glob(node), glob(other))
                        : glob(node).matches(other.value()))
                .toList();
    }

    /** Returns the pattern without its key. */
    static Glob glob(DescriptorNode node) {
        return new Glob(Arrays.asList(node.value().split("\\*", -1)));
    }

    /** Returns whether some text fits both: the longer beginning, all that is between, the longer end. */
    private static boolean meet(Glob one, Glob other) {
        String first = one.parts().get(0);
        String second = other.parts().get(0);
        String last = one.parts().get(one.parts().size() - 1);
        String end = other.parts().get(other.parts().size() - 1);
        return (first.startsWith(second) || second.startsWith(first)) && (last.endsWith(end) || end.endsWith(last));
    }
}
