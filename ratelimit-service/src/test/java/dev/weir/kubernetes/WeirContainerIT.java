package dev.weir.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.Weir;
import dev.weir.testing.TestService;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What a pod tells Weir is what {@code weir serve} understands, and its container may do no more than it must. */
class WeirContainerIT {
    /** Of {@code Wiring}: for the calls that are under way when it stops listening. */
    private static final int LAST_CALLS = 5;

    @TempDir
    private Path folder;

    static Stream<Builds> builds() {
        return Builds.running();
    }

    @ParameterizedTest
    @MethodSource("builds")
    void itsVariablesAreOnesThatServeReadsWithValuesThatItTakes(Builds builds) throws Exception {
        for (PodTemplateSpec pod : builds.built(folder).weirPods()) {
            Container weir = Built.weir(pod);
            List<String> arguments = new ArrayList<>(weir.getArgs());
            for (EnvVar variable : weir.getEnv()) {
                Variable known = Variable.all().get(variable.getName());
                assertNotNull(known, variable.getName());
                arguments.addAll(List.of(known.option(), Objects.requireNonNullElse(variable.getValue(), "secret")));
            }

            assertEquals("serve", arguments.get(0));
            // Throws where a value cannot be read or the policy is not named.
            new CommandLine(Weir.class).parseArgs(arguments.toArray(String[]::new));
        }
    }

    @ParameterizedTest
    @MethodSource("builds")
    void everyFileThatItReadsIsInAFolderThatIsMountedWhole(Builds builds) throws Exception {
        for (PodTemplateSpec pod : builds.built(folder).weirPods()) {
            Container weir = Built.weir(pod);
            Set<String> folders = weir.getVolumeMounts().stream()
                    // Kubernetes never changes a file that is mounted alone, and a change would not be seen.
                    .filter(mount -> mount.getSubPath() == null)
                    .map(VolumeMount::getMountPath)
                    .collect(Collectors.toSet());
            List<String> paths = weir.getEnv().stream()
                    .map(EnvVar::getValue)
                    .filter(value -> value != null && (value.startsWith("/") || value.startsWith("unix:/")))
                    .map(value -> value.replace("unix:", ""))
                    .toList();

            assertFalse(paths.isEmpty());
            paths.forEach(path -> assertTrue(
                    folders.contains(path)
                            || folders.contains(Path.of(path).getParent().toString()),
                    path));
        }
    }

    @ParameterizedTest
    @MethodSource("builds")
    void itsPortsAreThoseOnWhichServeListens(Builds builds) throws Exception {
        for (PodTemplateSpec pod : builds.built(folder).weirPods()) {
            Container weir = Built.weir(pod);
            for (ContainerPort port : weir.getPorts()) {
                String variable = port.getName().equals("grpc") ? "WEIR_GRPC" : "WEIR_ADMIN";
                assertFalse(weir.getEnv().stream().anyMatch(set -> set.getName().equals(variable)));
                assertEquals(Variable.all().get(variable).otherwise(), ":" + port.getContainerPort());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("builds")
    void itsProbesAreAnsweredByTheAdminPort(Builds builds) throws Exception {
        Path policy = Shipped.FOLDER.resolve("policy/policy.yaml");
        try (TestService service = TestService.inMemory(policy, null)) {
            for (PodTemplateSpec pod : builds.built(folder).weirPods()) {
                Container weir = Built.weir(pod);
                List<Probe> probes = Stream.of(
                                weir.getStartupProbe(), weir.getReadinessProbe(), weir.getLivenessProbe())
                        .filter(Objects::nonNull)
                        .toList();
                assertNotNull(weir.getStartupProbe());
                assertNotNull(weir.getLivenessProbe());
                for (Probe probe : probes) {
                    assertEquals("admin", probe.getHttpGet().getPort().getStrVal());
                    assertEquals(200, service.page(probe.getHttpGet().getPath()).statusCode());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("builds")
    void thereIsTimeToDrain(Builds builds) throws Exception {
        for (PodTemplateSpec pod : builds.built(folder).weirPods()) {
            long before = Built.containers(pod)
                    .filter(container -> container.getLifecycle() != null)
                    .mapToLong(container ->
                            container.getLifecycle().getPreStop().getSleep().getSeconds())
                    .sum();
            long drain = Built.weir(pod).getEnv().stream()
                    .filter(variable -> variable.getName().equals("WEIR_DRAIN"))
                    .mapToLong(variable -> Long.parseLong(variable.getValue()))
                    .findFirst()
                    .orElseThrow();

            assertTrue(pod.getSpec().getTerminationGracePeriodSeconds() > before + drain + LAST_CALLS);
        }
    }

    @ParameterizedTest
    @MethodSource("builds")
    void noContainerMayDoMoreThanItMust(Builds builds) throws Exception {
        for (PodTemplateSpec pod : builds.built(folder).pods()) {
            assertEquals(false, pod.getSpec().getAutomountServiceAccountToken());
            assertEquals(true, pod.getSpec().getSecurityContext().getRunAsNonRoot());
            assertEquals(
                    "RuntimeDefault",
                    pod.getSpec().getSecurityContext().getSeccompProfile().getType());
            Built.containers(pod).forEach(container -> {
                assertEquals(true, container.getSecurityContext().getReadOnlyRootFilesystem());
                assertEquals(false, container.getSecurityContext().getAllowPrivilegeEscalation());
                assertEquals(
                        List.of("ALL"),
                        container.getSecurityContext().getCapabilities().getDrop());
                assertTrue(container.getResources().getLimits().containsKey("memory"));
                assertNull(container.getSecurityContext().getRunAsUser());
            });
        }
        for (PodTemplateSpec pod : builds.built(folder).weirPods()) {
            assertTrue(Built.weir(pod).getVolumeMounts().stream()
                    .anyMatch(mount -> mount.getMountPath().equals("/tmp")));
        }
    }
}
