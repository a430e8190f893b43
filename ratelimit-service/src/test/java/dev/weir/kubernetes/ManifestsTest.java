package dev.weir.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is shipped for Kubernetes has the fields that it may have, and no file is forgotten. That it fits together is KustomizeIT's. */
class ManifestsTest {
    private static final Path ALERTS = Path.of("monitoring", "alerts.yaml");
    private static final Set<String> KNOWN_KEYS = Set.of(
            "apiVersion", "kind", "namespace", "resources", "components", "patches", "configMapGenerator", "images");

    static List<String> manifests() {
        return Shipped.manifests();
    }

    static List<String> kustomizations() {
        return Shipped.kustomizations();
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void everyFieldIsOneThatItsKindHas(String file) {
        List<Manifest> read = Manifest.read(Shipped.read(file));

        assertFalse(read.isEmpty());
        read.forEach(manifest -> assertFalse(manifest.name().isBlank()));
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void aFieldThatIsSpelledWronglyIsFound(String file) {
        String broken = Shipped.read(file).replaceFirst("(?m)^spec:", "spec:\n  sellector: {}");
        if (!broken.contains("sellector")) {
            broken = broken.replaceFirst("(?m)^metadata:", "metadata:\n  nam: weir");
        }
        String text = broken;

        assertThrows(IllegalArgumentException.class, () -> Manifest.read(text));
    }

    @Test
    void soIsOneThatStandsDeep() {
        String broken = Shipped.read("base/deployment.yaml").replace("periodSeconds: 2", "periodSecond: 2");

        IllegalArgumentException found = assertThrows(IllegalArgumentException.class, () -> Manifest.read(broken));

        assertTrue(found.getMessage().contains("readinessProbe\"]->"), found.getMessage());
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void whatAKustomizationNamesIsThere(String file) {
        Path folder = Shipped.FOLDER.resolve(file).getParent();

        assertEquals(
                Set.of(),
                named(file).filter(name -> !Files.exists(folder.resolve(name))).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void aKustomizationHasNoKeyThatNoTestKnows(String file) {
        Set<String> keys = new TreeSet<>(kustomization(file).keySet());
        keys.removeAll(KNOWN_KEYS);

        assertEquals(Set.of(), keys);
    }

    @Test
    void everyFileIsNamedByTheKustomizationBesideItOrTestedOtherwise() {
        Set<String> named = Shipped.kustomizations().stream()
                .flatMap(file -> named(file)
                        .map(name ->
                                Path.of(file).resolveSibling(name).normalize().toString()))
                .collect(Collectors.toSet());
        List<String> forgotten = Shipped.files().stream()
                .filter(file -> !named.contains(file) && !file.endsWith(Shipped.KUSTOMIZATION))
                .filter(file -> !Shipped.OTHERS.contains(file) && !file.equals("README.md"))
                .toList();

        assertEquals(List.of(), forgotten);
    }

    @Test
    void theAlertRulesAreThoseOfTheMonitoringFolder() throws Exception {
        String alerts = Files.readString(ALERTS);
        String rule = Shipped.read("components/monitoring/prometheus-rule.yaml");
        String indented = rule.substring(rule.indexOf("  groups:"));

        assertEquals(alerts.substring(alerts.indexOf("groups:")), indented.replaceAll("(?m)^  ", ""));
    }

    @Test
    void istiosMeshAsksWeirsServiceAtItsPort() {
        Service weir = Manifest.only(Service.class, Manifest.read(Shipped.read("base/services.yaml"))).stream()
                .filter(service -> service.getMetadata().getName().equals("weir"))
                .findFirst()
                .orElseThrow();
        Map<String, Object> mesh = map(Manifest.documents(Shipped.read("istio/mesh-config.yaml"))
                .findFirst()
                .orElseThrow()
                .get("meshConfig"));
        Map<String, Object> provider =
                map(list(mesh, "extensionProviders").findFirst().orElseThrow());
        Map<String, Object> asked = map(provider.get("envoyExtAuthzGrpc"));

        assertEquals(kustomization("base/kustomization.yaml").get("namespace"), "weir");
        assertEquals(weir.getMetadata().getName() + ".weir.svc.cluster.local", asked.get("service"));
        assertEquals(weir.getSpec().getPorts().get(0).getPort(), asked.get("port"));
        assertEquals(
                Map.of("name", provider.get("name")),
                map(Manifest.documents(Shipped.read("istio/authorization-policy.yaml"))
                        .map(yaml -> map(yaml.get("spec")).get("provider"))
                        .findFirst()
                        .orElseThrow()));
    }

    /** The files and folders that a kustomization names. */
    private static Stream<String> named(String file) {
        Map<String, Object> yaml = kustomization(file);
        return Stream.of(
                        list(yaml, "resources"),
                        list(yaml, "components"),
                        list(yaml, "patches").map(patch -> map(patch).get("path")),
                        list(yaml, "configMapGenerator").flatMap(generator -> list(map(generator), "files")))
                .flatMap(names -> names)
                .map(String.class::cast);
    }

    private static Map<String, Object> kustomization(String file) {
        return Manifest.documents(Shipped.read(file)).findFirst().orElseThrow();
    }

    private static Stream<Object> list(Map<String, Object> yaml, String key) {
        return ((Collection<?>) yaml.getOrDefault(key, List.of())).stream().map(Object.class::cast);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object yaml) {
        return (Map<String, Object>) yaml;
    }
}
