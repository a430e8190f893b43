package dev.weir.policy;

import dev.weir.request.Attributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a domain, found as envoyproxy/ratelimit finds them: the first entry of a descriptor leads to a child of the root, the next
 * one to a child of that, and so on. A child is found by key and value, else by the first wildcard that fits them, else by the key alone.
 * The limit is that of the node that the last entry leads to; those above it do not apply.
 *
 * <p>Key and value are looked up as one text with an underscore between them, as in envoyproxy/ratelimit: where names hold underscores of
 * their own, two different pairs may find the same node. They never share a bucket.
 */
public final class DescriptorTree {
    private final DescriptorNode root;
    private final List<DescriptorLimit> leaves;

    /** @param leaves in the order of their limits */
    public DescriptorTree(DescriptorNode root, List<DescriptorLimit> leaves) {
        this.root = root;
        this.leaves = List.copyOf(leaves);
    }

    /** Returns the limits in the order of the file. */
    public List<DescriptorLimit> leaves() {
        return leaves;
    }

    /** Returns all its nodes, the root first. */
    public Stream<DescriptorNode> nodes() {
        return nodes(root);
    }

    private static Stream<DescriptorNode> nodes(DescriptorNode top) {
        return Stream.concat(Stream.of(top), top.children().values().stream().flatMap(DescriptorTree::nodes));
    }

    /** A limit found for a descriptor. */
    public static final class Match {
        private final DescriptorLimit leaf;
        /** The patterns that stand in the bucket's name in place of values, by the positions of the entries. */
        private final @Nullable String @Nullable [] shared;

        private Match(DescriptorLimit leaf, @Nullable String @Nullable [] shared) {
            this.leaf = leaf;
            this.shared = shared;
        }

        /** Makes the match of a limit that a descriptor brings along. */
        public static Match own(DescriptorLimit leaf) {
            return new Match(leaf, null);
        }

        public DescriptorLimit leaf() {
            return leaf;
        }

        /** @param entries the ones that it was found for */
        public String bucket(Attributes entries) {
            return BucketNames.counting(leaf.limit().bucketPrefix(), entries, shared);
        }
    }

    /** Finds the limit of a descriptor; null where it has none. */
    public @Nullable Match find(Attributes entries) {
        DescriptorNode node = root;
        @Nullable String @Nullable [] shared = null;
        for (int i = 0; i < entries.size(); i++) {
            String key = entries.name(i);
            String keyAndValue = key + '_' + entries.value(i);
            DescriptorNode next = node.children().get(keyAndValue);
            if (next == null) {
                next = node.wildcard(keyAndValue);
                if (next != null && next.sharesThreshold()) {
                    shared = shared == null ? new String[entries.size()] : shared;
                    shared[i] = pattern(next, key);
                }
            }
            next = next == null ? node.children().get(key) : next;
            if (next == null) {
                return null;
            }
            node = next;
        }
        return node.leaf() == null ? null : new Match(node.leaf(), shared);
    }

    /** Returns the part of a wildcard that stands for the value. */
    public static String pattern(DescriptorNode wildcard, String key) {
        String pattern = wildcard.finalKey();
        return pattern.startsWith(key + '_') ? pattern.substring(key.length() + 1) : pattern;
    }

    /** Returns the node above all descriptors. */
    public DescriptorNode root() {
        return root;
    }
}
