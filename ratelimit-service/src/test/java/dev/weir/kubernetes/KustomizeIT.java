package dev.weir.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import dev.weir.testing.KubernetesSchemas;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The real kustomize builds all of k8s/, and what it builds keeps to the schemas of the oldest and the newest Kubernetes. */
class KustomizeIT {
    private static final List<String> VERSIONS = List.of("1.30", "1.37");

    @TempDir
    private Path folder;

    static Stream<Builds> builds() {
        return Builds.all();
    }

    @Test
    void allOfItHasTheFieldsAndValuesThatKubernetesTakes() throws Exception {
        List<Manifest> objects = new ArrayList<>();
        for (Builds builds : Builds.all().toList()) {
            builds.built(folder).manifests().stream()
                    .filter(manifest -> !manifest.isCustom())
                    .forEach(objects::add);
        }
        Path file = write(objects.stream());

        for (String version : VERSIONS) {
            assertEquals(List.of(), KubernetesSchemas.check(file, version), version);
        }
    }

    @Test
    void theSchemasFindAFieldThatIsMissing() throws Exception {
        String broken = new Builds("base", List.of())
                .text(folder)
                .replaceFirst("(?m)^  selector:\n    matchLabels:.*\n.*\n", "");
        Path objects = write(Manifest.read(broken).stream());

        assertFalse(KubernetesSchemas.check(objects, VERSIONS.get(0)).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("builds")
    void allIsInTheNamespaceOfTheOneWhoBuildsIt(Builds builds) throws Exception {
        Set<String> namespaces = builds.built(folder).manifests().stream()
                .map(manifest -> String.valueOf(manifest.object().getMetadata().getNamespace()))
                .collect(Collectors.toSet());

        assertEquals(Set.of(Kustomize.NAMESPACE), namespaces);
    }

    @Test
    void everyKustomizationIsBuilt() {
        List<String> unbuilt = Shipped.kustomizations().stream()
                .map(file -> Path.of(file).getParent().toString())
                .filter(place -> Builds.all()
                        .noneMatch(builds -> builds.resource().equals(place)
                                || builds.components().contains(place)))
                .toList();

        assertEquals(List.of(), unbuilt);
        assertTrue(Builds.all().count() > 1);
    }

    private Path write(Stream<Manifest> manifests) throws Exception {
        String text =
                manifests.map(manifest -> new Gson().toJson(manifest.yaml())).collect(Collectors.joining("\n---\n"));
        return Files.writeString(folder.resolve("objects.yaml"), text);
    }
}
