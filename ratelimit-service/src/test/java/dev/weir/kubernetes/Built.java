package dev.weir.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What kustomize makes of a kustomization. */
record Built(List<Manifest> manifests) {
    <T> List<T> all(Class<T> kind) {
        return Manifest.only(kind, manifests);
    }

    /** What the pods are made from. */
    List<PodTemplateSpec> pods() {
        return Stream.concat(
                        all(Deployment.class).stream()
                                .map(deployment -> deployment.getSpec().getTemplate()),
                        all(StatefulSet.class).stream().map(set -> set.getSpec().getTemplate()))
                .toList();
    }

    /** The pods that have all of these labels. */
    List<PodTemplateSpec> selected(Map<String, String> labels) {
        return pods().stream()
                .filter(pod -> pod.getMetadata().getLabels().entrySet().containsAll(labels.entrySet()))
                .toList();
    }

    /** The pods in which Weir runs. */
    List<PodTemplateSpec> weirPods() {
        return pods().stream()
                .filter(pod -> containers(pod)
                        .anyMatch(container -> container.getName().equals("weir")))
                .toList();
    }

    static Container weir(PodTemplateSpec pod) {
        return containers(pod)
                .filter(container -> container.getName().equals("weir"))
                .findFirst()
                .orElseThrow();
    }

    /** Native sidecars, too. */
    static Stream<Container> containers(PodTemplateSpec pod) {
        return Stream.concat(pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream());
    }

    static List<String> portNames(PodTemplateSpec pod) {
        return containers(pod)
                .flatMap(container -> container.getPorts().stream())
                .map(ContainerPort::getName)
                .toList();
    }
}
