package dev.weir.kubernetes;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What people build from k8s/.
 *
 * @param resource a folder of it
 * @param components others, which are added
 */
record Builds(String resource, List<String> components) {
    private static final Map<Builds, String> DONE = new ConcurrentHashMap<>();

    /** Each by itself, and those that run Weir with all that can be added to them. */
    static Stream<Builds> all() {
        return Stream.concat(Stream.of(new Builds("policy", List.of()), new Builds("istio", List.of())), running());
    }

    /** Those that run Weir. */
    static Stream<Builds> running() {
        List<String> service = List.of("components/keys", "components/redis-ca", "components/monitoring");
        return Stream.of(
                new Builds("base", List.of()),
                new Builds("base", service),
                new Builds("overlays/shared", List.of()),
                new Builds("overlays/shared", service),
                new Builds("overlays/redis", List.of()),
                new Builds("overlays/redis", service),
                new Builds("overlays/sidecar", List.of()),
                new Builds("overlays/sidecar", List.of("components/sidecar-redis", "components/monitoring")));
    }

    /** @param own an empty folder */
    String text(Path own) throws Exception {
        Kustomize kustomize = Kustomize.findOrSkip();
        String text = DONE.get(this);
        if (text == null) {
            text = kustomize.build(own, resource, components);
            DONE.put(this, text);
        }
        return text;
    }

    Built built(Path own) throws Exception {
        return new Built(Manifest.read(text(own)));
    }

    @Override
    public String toString() {
        return components.isEmpty() ? resource : resource + " with " + String.join(", ", components);
    }
}
