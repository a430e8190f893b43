package dev.weir.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The files of k8s/. */
final class Shipped {
    static final Path FOLDER = Path.of("..", "k8s").toAbsolutePath().normalize();
    static final String KUSTOMIZATION = "kustomization.yaml";

    /** YAML that is not for Kubernetes, each with a test of its own. */
    static final Set<String> OTHERS = Set.of(
            "policy/policy.yaml", "policy/policy.test.yaml", "overlays/sidecar/envoy.yaml", "istio/mesh-config.yaml");

    private Shipped() {}

    /** All files, by their path in the folder. */
    static List<String> files() {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> FOLDER.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those with objects for Kubernetes, or with parts of them. */
    static List<String> manifests() {
        return files().stream()
                .filter(file -> file.endsWith(".yaml"))
                .filter(file -> !file.endsWith(KUSTOMIZATION) && !OTHERS.contains(file))
                .toList();
    }

    static List<String> kustomizations() {
        return files().stream().filter(file -> file.endsWith(KUSTOMIZATION)).toList();
    }

    static String read(String file) {
        try {
            return Files.readString(FOLDER.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
