package dev.weir.tools.lint.envoy;

import dev.weir.config.Problem;
import dev.weir.config.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Finds what concerns rate limits by its type and shape, wherever it stands: in a bootstrap, a fragment, a dump, or in the patches
 * of an Istio EnvoyFilter. Nodes that aliases share are visited once for each connection manager, and all visits are counted, so a
 * small file cannot become an endless one.
 */
final class EnvoyFileReader {
    private static final int MOST_VISITS = 1_000_000;
    private static final int MOST_MANAGERS = 1_000;
    private static final int MOST_COMBINATIONS = 1_000_000;
    private static final int DEEPEST = 200;
    private static final String FORMATTER_FLAG = "enable_formatter_for_ratelimit_action_descriptor_value";
    private static final List<String> REMOVED_HEADERS =
            List.of("response_headers_to_remove", "responseHeadersToRemove");
    private static final List<String> ONLY_CLUSTERS_HAVE =
            List.of("load_assignment", "connect_timeout", "eds_cluster_config", "lb_policy");

    private final String file;
    private final ChainParts outside = new ChainParts(null);
    private final List<ChainParts> managers = new ArrayList<>();
    private final Set<Node> seenManagers = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, EnvoyMessage> clusters = new HashMap<>();
    private int visits;
    private @Nullable String tooMuch;
    private boolean bootstrap;
    private boolean flagged;
    private boolean otherRuntime;

    private EnvoyFileReader(String file) {
        this.file = file;
    }

    /** Reads what the file says; null after adding a problem. */
    static @Nullable EnvoyFile read(Path path, Problems problems) {
        List<Node> documents = EnvoyYaml.read(path, problems);
        if (problems.hasErrors()) {
            return null;
        }
        EnvoyFileReader reader = new EnvoyFileReader(path.toString());
        documents.forEach(document -> reader.visit(document, reader.outside, 0));
        reader.boundCombinations();
        if (reader.tooMuch != null) {
            problems.add(new Problem(reader.file, EnvoyRules.UNREADABLE, reader.tooMuch));
            return null;
        }
        return reader.result();
    }

    /** Bounds the work: the outside is looked at with each connection manager, and what stands at routes with each filter. */
    private void boundCombinations() {
        ChainParts none = new ChainParts(null);
        long combinations = managers.isEmpty()
                ? outside.combinationsWith(none)
                : managers.stream()
                        .mapToLong(parts -> parts.combinationsWith(outside))
                        .sum();
        if (combinations > MOST_COMBINATIONS) {
            tooMuch = "has too many filters and routes to compare; name a file with those that matter";
        }
    }

    private EnvoyFile result() {
        List<Chain> chains = managers.isEmpty()
                ? List.of(outside.toChain(new ChainParts(null)))
                : managers.stream().map(parts -> parts.toChain(outside)).toList();
        Boolean formats = flagged ? Boolean.TRUE : null;
        if (!flagged && bootstrap && !otherRuntime) {
            formats = Boolean.FALSE;
        }
        boolean authorizes = chains.stream()
                .flatMap(chain -> chain.authorizations().stream())
                .anyMatch(Authorizations::mayAskWeir);
        return new EnvoyFile(file, Authorizations.onlyWeirs(chains), authorizes, Map.copyOf(clusters), formats);
    }

    private void visit(Node node, ChainParts parts, int depth) {
        if (tooMuch != null || node instanceof ScalarNode || !parts.firstVisit(node)) {
            return;
        }
        if (depth > DEEPEST) {
            tooMuch = "is nested too deeply; Envoy would not take it";
        } else if (++visits > MOST_VISITS) {
            tooMuch = "its aliases stand for far more than it has; write out what is meant";
        } else if (node instanceof MappingNode mapping) {
            visitMapping(mapping, parts, depth);
        } else if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(item -> visit(item, parts, depth + 1));
        }
    }

    private void visitMapping(MappingNode mapping, ChainParts parts, int depth) {
        EnvoyMessage block = new EnvoyMessage(file, mapping);
        String type = block.text("@type", "");
        if (type.endsWith(".TypedStruct")) {
            EnvoyMessage value = block.block("value");
            if (value != null) {
                visitTyped(block.text("type_url", ""), value, parts, depth + 1);
            }
        } else if (!type.isEmpty()) {
            visitTyped(type, block, parts, depth);
        } else {
            noticeShape(block, parts);
            visitFields(mapping, parts, depth);
        }
    }

    private void visitTyped(String type, EnvoyMessage block, ChainParts parts, int depth) {
        if (!type.endsWith(".HttpConnectionManager")) {
            parts.add(type, block);
            noticeCluster(block);
            visitFields(block.node(), parts, depth);
        } else if (seenManagers.add(block.node())) {
            if (managers.size() == MOST_MANAGERS) {
                tooMuch = "has more than " + MOST_MANAGERS + " connection managers; name a file with those that matter";
                return;
            }
            ChainParts own = new ChainParts(block);
            managers.add(own);
            visitFields(block.node(), own, depth);
        }
    }

    private void visitFields(MappingNode mapping, ChainParts parts, int depth) {
        for (NodeTuple field : mapping.getValue()) {
            if (field.getKeyNode() instanceof ScalarNode key
                    && key.getValue().endsWith(FORMATTER_FLAG)
                    && field.getValueNode() instanceof ScalarNode value) {
                flagged |= value.getValue().equals("true");
            }
            // Routes, virtual hosts and their configuration may each remove some.
            if (field.getKeyNode() instanceof ScalarNode key
                    && REMOVED_HEADERS.contains(key.getValue())
                    && field.getValueNode() instanceof SequenceNode names) {
                parts.addRemovedHeaders(names);
            }
            visit(field.getValueNode(), parts, depth + 1);
        }
    }

    private void noticeShape(EnvoyMessage block, ChainParts parts) {
        bootstrap |= block.block("static_resources") != null;
        otherRuntime |= block.has("rtds_layer") || block.has("disk_layer");
        noticeCluster(block);
        EnvoyMessage route = block.block("route");
        if (route != null && block.has("match")) {
            parts.addRoute(route);
        }
        parts.addAtRoute(Entry.listOf(block));
    }

    private void noticeCluster(EnvoyMessage block) {
        String name = block.text("name");
        if (name != null && ONLY_CLUSTERS_HAVE.stream().anyMatch(block::has)) {
            clusters.putIfAbsent(name, block);
        }
    }
}
