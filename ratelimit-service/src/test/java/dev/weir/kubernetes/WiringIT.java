package dev.weir.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What names something else names it rightly: selectors find pods, and ports are those of the pods that they find. */
class WiringIT {
    @TempDir
    private Path folder;

    static Stream<Builds> builds() {
        return Builds.running();
    }

    @ParameterizedTest
    @MethodSource("builds")
    void everyServiceFindsPodsWithItsPorts(Builds builds) throws Exception {
        Built built = builds.built(folder);

        for (Service service : built.all(Service.class)) {
            String name = service.getMetadata().getName();
            List<PodTemplateSpec> pods = built.selected(service.getSpec().getSelector());
            assertFalse(pods.isEmpty(), name);
            for (ServicePort port : service.getSpec().getPorts()) {
                assertTrue(pods.stream().allMatch(pod -> has(pod, port.getTargetPort())), name + " " + port.getName());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("builds")
    void networkPoliciesOpenPortsThatThereAre(Builds builds) throws Exception {
        Built built = builds.built(folder);

        for (NetworkPolicy policy : built.all(NetworkPolicy.class)) {
            String name = policy.getMetadata().getName();
            List<PodTemplateSpec> pods =
                    built.selected(policy.getSpec().getPodSelector().getMatchLabels());
            assertFalse(pods.isEmpty(), name);
            List<IntOrString> ports = policy.getSpec().getIngress().stream()
                    .flatMap(rule -> rule.getPorts().stream())
                    .map(NetworkPolicyPort::getPort)
                    .toList();
            assertFalse(ports.isEmpty(), name);
            assertTrue(pods.stream().allMatch(pod -> ports.stream().allMatch(port -> has(pod, port))), name);
        }
    }

    @ParameterizedTest
    @MethodSource("builds")
    void budgetsAndTheAutoscalerAreForWhatRuns(Builds builds) throws Exception {
        Built built = builds.built(folder);

        for (PodDisruptionBudget budget : built.all(PodDisruptionBudget.class)) {
            assertFalse(built.selected(budget.getSpec().getSelector().getMatchLabels())
                    .isEmpty());
        }
        List<String> deployments = built.all(Deployment.class).stream()
                .map(deployment -> deployment.getMetadata().getName())
                .toList();
        for (HorizontalPodAutoscaler autoscaler : built.all(HorizontalPodAutoscaler.class)) {
            assertTrue(deployments.contains(
                    autoscaler.getSpec().getScaleTargetRef().getName()));
            assertTrue(built.all(Deployment.class).stream()
                    .allMatch(deployment -> deployment.getSpec().getReplicas() == null));
        }
    }

    @ParameterizedTest
    @MethodSource("builds")
    void prometheusScrapesEachPodOnceUnderTheNameThatTheAlertsTake(Builds builds) throws Exception {
        Built built = builds.built(folder);

        for (ServiceMonitor monitor : built.all(ServiceMonitor.class)) {
            assertEquals(1, monitor.getSpec().getEndpoints().size());
            String port = monitor.getSpec().getEndpoints().get(0).getPort();
            List<Service> scraped = built.all(Service.class).stream()
                    .filter(service -> service.getMetadata()
                            .getLabels()
                            .entrySet()
                            .containsAll(monitor.getSpec()
                                    .getSelector()
                                    .getMatchLabels()
                                    .entrySet()))
                    .filter(service -> service.getSpec().getPorts().stream()
                            .anyMatch(offered -> offered.getName().equals(port)))
                    .toList();
            assertEquals(1, scraped.size());
            assertEquals(
                    "weir",
                    scraped.get(0)
                            .getMetadata()
                            .getLabels()
                            .get(monitor.getSpec().getJobLabel()));
        }
    }

    @ParameterizedTest
    @MethodSource("builds")
    void whatAPodMountsOrRunsAsIsThere(Builds builds) throws Exception {
        Built built = builds.built(folder);
        List<String> there = built.manifests().stream()
                .map(manifest -> manifest.kind() + " " + manifest.name())
                .toList();

        for (PodTemplateSpec pod : built.pods()) {
            List<String> needed = Stream.concat(
                            pod.getSpec().getVolumes().stream()
                                    .filter(volume -> volume.getConfigMap() != null)
                                    .map(volume ->
                                            "ConfigMap " + volume.getConfigMap().getName()),
                            Stream.ofNullable(pod.getSpec().getServiceAccountName())
                                    .map(name -> "ServiceAccount " + name))
                    .toList();
            assertEquals(
                    List.of(),
                    needed.stream().filter(name -> !there.contains(name)).toList());
        }
        assertTrue(built.all(ServiceAccount.class).stream()
                .noneMatch(account -> Boolean.TRUE.equals(account.getAutomountServiceAccountToken())));
    }

    private static boolean has(PodTemplateSpec pod, IntOrString port) {
        return Built.portNames(pod).contains(Objects.requireNonNull(port.getStrVal(), "a port has a name"));
    }
}
